//! Why no answer can be read: what a browser and the proxy let us know, and the setting that mends it, in
//! both languages. Who finds it out is the browser shell.

use super::system::System;
use crate::locale::Locale;
use crate::secrets::SecretWant;

/// Why no answer can be read, as far as a browser lets us know.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Diagnosis {
    /// The browser says that it has no network.
    Offline,
    /// An https page may not call an http address.
    MixedContent,
    /// The page's own Content-Security-Policy forbids the address.
    OwnPolicy {
        /// The address's origin.
        target: String,
    },
    /// A browser never sends this header for a page.
    ForbiddenHeader {
        /// The header's name.
        name: String,
    },
    /// The address is not one that can be called.
    BadAddress {
        /// The browser's own words.
        message: String,
    },
    /// The server answers, but does not allow this origin to do that.
    NotAllowed(Permission),
    /// A secret may not go there, and so nothing was sent.
    Secret(SecretWant),
    /// Nothing answered: down, wrong host, TLS, a blocker, or a missing permission.
    NoAnswer,
    /// No answer can be read to a request that is never probed, since it may change something there.
    Unread(Permission),
    /// The proxy on the page's own server did not pass the request on, or got no answer itself.
    Proxy {
        /// One of this file's codes, or the proxy's own.
        code: String,
        /// What that is about. Of the proxy's own codes: its sentence in English, and in Chinese.
        about: Vec<String>,
    },
}

/// What a server has to allow.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Permission {
    /// The page's origin.
    pub origin: String,
    /// The address that was asked, without its query: it tells what the server may be.
    pub target: String,
    /// The request's method.
    pub method: String,
    /// Those of its headers that need a preflight, in lower case.
    pub headers: Vec<String>,
    /// Whether it carries the browser's credentials.
    pub credentials: bool,
}

/// The page's own server has no proxy.
pub const NO_PROXY: &str = "no_proxy";
/// The proxy gave no whole answer.
pub const SILENT: &str = "silent";
/// The proxy lists no upstream for an address of this origin.
pub const NOT_LISTED: &str = "not_listed";
/// The proxy would drop a header of the request; its name, and the upstream's.
pub const HEADER: &str = "header";
/// The proxy wants a token. Source of this and the next: `www/serve/src/proxy/refusal.rs`.
const NO_TOKEN: &str = "no_token";
/// The proxy wants another token.
const WRONG_TOKEN: &str = "token";

/// What may be over by the next poll.
const PASSING: [&str; 11] = [
    NO_TOKEN,
    WRONG_TOKEN,
    SILENT,
    "busy",
    "no_address",
    "not_http",
    "request_broken",
    "request_slow",
    "slow",
    "tls",
    "unreachable",
];

impl Diagnosis {
    /// Whether polling again could mend it. Mixed content, a forbidden header, our own policy and a
    /// bad address stay as they are, and so does what the proxy is not set up for.
    pub fn may_pass_by_itself(&self) -> bool {
        match self {
            Self::Offline | Self::NotAllowed(_) | Self::NoAnswer | Self::Unread(_) => true,
            Self::Secret(want) => want.may_be_granted(),
            Self::MixedContent
            | Self::OwnPolicy { .. }
            | Self::ForbiddenHeader { .. }
            | Self::BadAddress { .. } => false,
            Self::Proxy { code, .. } => PASSING.contains(&code.as_str()),
        }
    }

    /// Whether a person has to let us in, and nothing was sent.
    pub fn needs_access(&self) -> bool {
        match self {
            Self::Proxy { code, .. } => code == NO_TOKEN || code == WRONG_TOKEN,
            Self::Secret(want) => want.may_be_granted(),
            _ => false,
        }
    }

    /// The diagnosis as a sentence with its mend, without a full stop.
    pub fn sentence(&self, locale: Locale) -> String {
        match locale {
            Locale::En => self.english(),
            Locale::Zh => self.chinese(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Offline => "you are offline; polling waits, the deadline runs".into(),
            Self::MixedContent => {
                "an https page may not call an http address (mixed content); serve the API over https, \
                 or set \"transport\": \"proxy\""
                    .into()
            }
            Self::OwnPolicy { target } => format!(
                "this page's own Content-Security-Policy forbids the address; add `{target}` to \
                 `connect-src`, in the answer that serves worker.js"
            ),
            Self::ForbiddenHeader { name } => format!(
                "browsers never send the header `{name}` for a page; remove it from the request"
            ),
            Self::BadAddress { message } => format!("the address can't be called: {message}"),
            Self::Secret(want) => want.sentence("", Locale::En),
            Self::NotAllowed(wanted) => format!(
                "server reached, but it, or where it redirects to, does not allow this origin{}",
                wanted.english()
            ),
            Self::NoAnswer => {
                "no answer: down, wrong host, TLS, a blocker or local-network permission (an iframe needs \
                 `allow=\"local-network-access\"`); open the address in a tab to tell"
                    .into()
            }
            Self::Unread(wanted) => format!(
                "no answer that can be read, and {} is never probed: the server is down, or does not \
                 allow this origin{}",
                wanted.method,
                wanted.english()
            ),
            Self::Proxy { code, about } => english_proxy(code, about),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Offline => "当前离线；轮询等待，截止时间照常计算".into(),
            Self::MixedContent => {
                "https 页面不能访问 http 地址（混合内容）；请用 https 提供该接口，或设置 \"transport\": \"proxy\"".into()
            }
            Self::OwnPolicy { target } => format!(
                "本页的 Content-Security-Policy 禁止该地址；请在提供 worker.js 的响应中将 `{target}` 加入 `connect-src`"
            ),
            Self::ForbiddenHeader { name } => {
                format!("浏览器不允许页面发送请求头 `{name}`；请从请求中删除")
            }
            Self::BadAddress { message } => format!("无法访问该地址：{message}"),
            Self::Secret(want) => want.sentence("", Locale::Zh),
            Self::NotAllowed(wanted) => {
                format!("服务器可达，但它或其重定向的目标不允许此来源{}", wanted.chinese())
            }
            Self::NoAnswer => {
                "无响应：服务停止、主机错误、TLS、拦截插件或本地网络权限（iframe 需要 `allow=\"local-network-access\"`）；请在新标签页打开该地址以判断".into()
            }
            Self::Unread(wanted) => format!(
                "没有可读的响应，而 {} 从不试探：服务停止，或不允许此来源{}",
                wanted.method,
                wanted.chinese()
            ),
            Self::Proxy { code, about } => chinese_proxy(code, about),
        }
    }
}

impl Permission {
    /// What needs a preflight. Source: Fetch standard, "CORS-safelisted method".
    fn causes(&self) -> Vec<String> {
        let simple = matches!(self.method.as_str(), "GET" | "HEAD" | "POST");
        let method = (!simple).then(|| self.method.clone());
        method.into_iter().chain(self.headers.iter().map(|name| format!("`{name}`"))).collect()
    }

    /// The headers that the server has to answer with.
    fn answer_headers(&self) -> Vec<String> {
        let mut answers = vec![format!("`Access-Control-Allow-Origin: {}`", self.origin)];
        if self.credentials {
            answers.push("`Access-Control-Allow-Credentials: true`".into());
        }
        if !self.causes().is_empty() {
            answers.push(format!("`Access-Control-Allow-Methods: {}`", self.method));
        }
        if !self.headers.is_empty() {
            answers.push(format!("`Access-Control-Allow-Headers: {}`", self.headers.join(", ")));
        }
        answers
    }

    fn english(&self) -> String {
        let answers = self.answer_headers().join(", ");
        let causes = self.causes().join(", ");
        let add = if causes.is_empty() {
            format!("; add {answers}")
        } else {
            format!(" ({causes} needs a preflight); add {answers}, to its answer to OPTIONS too")
        };
        let own = match System::at(&self.target, &self.headers) {
            Some(system) => system.setting(self, Locale::En),
            None => format!(
                "in nginx: `add_header Access-Control-Allow-Origin {} always;`",
                self.origin
            ),
        };
        format!("{add}; {own}; or set \"transport\": \"proxy\"")
    }

    fn chinese(&self) -> String {
        let answers = self.answer_headers().join("、");
        let causes = self.causes().join("、");
        let add = if causes.is_empty() {
            format!("；请添加 {answers}")
        } else {
            format!("（{causes} 需要预检）；请添加 {answers}，对 OPTIONS 的响应也要添加")
        };
        let own = match System::at(&self.target, &self.headers) {
            Some(system) => system.setting(self, Locale::Zh),
            None => format!(
                "nginx 中写作：`add_header Access-Control-Allow-Origin {} always;`",
                self.origin
            ),
        };
        format!("{add}；{own}；或设置 \"transport\": \"proxy\"")
    }
}

/// What a code is about, by its place.
fn nth(about: &[String], place: usize) -> &str {
    about.get(place).map_or("", String::as_str)
}

fn english_proxy(code: &str, about: &[String]) -> String {
    let (first, second) = (nth(about, 0), nth(about, 1));
    match code {
        NO_PROXY => "this page's own server has no proxy; start it as `baton-serve --proxy proxy.toml`, or remove \
             \"transport\": \"proxy\""
            .into(),
        SILENT => "no whole answer from the proxy on this page's own server; its log has the reason".into(),
        NO_TOKEN => "the proxy needs its token; enter it, then resume".into(),
        WRONG_TOKEN => "the token is not the proxy's; enter the right one, then resume".into(),
        NOT_LISTED => format!(
            "the proxy lists no upstream for {first}; add one with `base = \"{first}\"` to its config"
        ),
        HEADER => format!(
            "the proxy does not pass the header `{first}` on; add it to `request_headers` of the upstream {second}, \
             or remove it from the request"
        ),
        _ => format!("the proxy: {first}"),
    }
}

fn chinese_proxy(code: &str, about: &[String]) -> String {
    let (first, second) = (nth(about, 0), nth(about, 1));
    match code {
        NO_PROXY => "本页的服务器没有代理；请以 `baton-serve --proxy proxy.toml` 启动，或删除 \"transport\": \"proxy\""
            .into(),
        SILENT => "本页服务器上的代理没有给出完整响应；原因见其日志".into(),
        NO_TOKEN => "代理需要令牌；请输入，然后继续".into(),
        WRONG_TOKEN => "令牌不是代理的令牌；请输入正确的，然后继续".into(),
        NOT_LISTED => {
            format!("代理没有列出 {first} 的上游；请在其配置中添加 `base = \"{first}\"` 的上游")
        }
        HEADER => format!(
            "代理不转发请求头 `{first}`；请将其加入上游 {second} 的 `request_headers`，或从请求中删除"
        ),
        _ => format!("代理：{second}"),
    }
}
