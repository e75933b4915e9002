//! Why no answer can be read: what a browser and the proxy let us know, and the setting that mends it, in
//! both languages. Who finds it out is the browser shell.

use super::system::System;
use crate::locale::Locale;

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
    /// Nothing answered: down, wrong host, TLS, a blocker, or a missing permission.
    NoAnswer,
    /// The same, for an address of the local network that a page of another one calls.
    NoAnswerLocally,
    /// No answer can be read to a request that is never probed, since it may change something there.
    Unread {
        /// Its method.
        asked: String,
        /// What its server has to allow.
        wanted: Permission,
    },
    /// The page's own server has no proxy.
    NoProxy,
    /// The proxy gave no whole answer.
    ProxySilent,
    /// The proxy wants a token, or another one.
    ProxyToken {
        /// Whether one was sent.
        given: bool,
    },
    /// The proxy lists no upstream for the address.
    NoUpstream {
        /// The address's origin.
        target: String,
    },
    /// The proxy would drop this header of the request.
    ProxyHeader {
        /// The header's name.
        name: String,
        /// The upstream's name.
        upstream: String,
    },
    /// The proxy refused, or got no answer itself.
    ProxyRefused {
        /// Its code.
        code: String,
        /// Its sentence.
        en: String,
        /// The same, in Chinese.
        zh: String,
    },
}

/// What a server has to allow.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Permission {
    /// The page's origin.
    pub origin: String,
    /// The request's method, if it needs a preflight.
    pub method: Option<String>,
    /// Those of its headers that need one, in lower case.
    pub headers: Vec<String>,
    /// Whether it carries the browser's credentials.
    pub credentials: bool,
    /// What the server seems to be.
    pub system: Option<System>,
}

/// What the proxy says of things that may be over by the next poll.
const PASSING: [&str; 8] = [
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
            Self::Offline
            | Self::NotAllowed(_)
            | Self::NoAnswer
            | Self::NoAnswerLocally
            | Self::Unread { .. }
            | Self::ProxySilent
            | Self::ProxyToken { .. } => true,
            Self::MixedContent
            | Self::OwnPolicy { .. }
            | Self::ForbiddenHeader { .. }
            | Self::BadAddress { .. }
            | Self::NoProxy
            | Self::NoUpstream { .. }
            | Self::ProxyHeader { .. } => false,
            Self::ProxyRefused { code, .. } => PASSING.contains(&code.as_str()),
        }
    }

    /// Whether a person has to let us in, and nothing was sent.
    pub fn needs_access(&self) -> bool {
        matches!(self, Self::ProxyToken { .. })
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
            Self::NotAllowed(wanted) => format!(
                "server reached, but it, or where it redirects to, does not allow this origin{}",
                wanted.english()
            ),
            Self::NoAnswer => {
                "no answer: down, wrong host, TLS, a blocker or local-network permission; \
                 open the address in a tab to tell"
                    .into()
            }
            Self::NoAnswerLocally => {
                "no answer from the local network: down, wrong host, TLS, a blocker, or the browser was not \
                 permitted to look there; allow local network access for this site (and in an iframe add \
                 `allow=\"local-network-access\"`), or open the address in a tab to tell"
                    .into()
            }
            Self::Unread { asked, wanted } => format!(
                "no answer that can be read, and {asked} is never probed: the server is down, or does not \
                 allow this origin{}",
                wanted.english()
            ),
            Self::NoProxy => {
                "this page's own server has no proxy; start it as `baton-serve --proxy proxy.toml`, or \
                 remove \"transport\": \"proxy\""
                    .into()
            }
            Self::ProxySilent => {
                "no whole answer from the proxy on this page's own server; its log has the reason".into()
            }
            Self::ProxyToken { given: false } => {
                "the proxy needs its token; enter it, then resume".into()
            }
            Self::ProxyToken { given: true } => {
                "the token is not the proxy's; enter the right one, then resume".into()
            }
            Self::NoUpstream { target } => format!(
                "the proxy lists no upstream for {target}; add one with `base = \"{target}\"` to its config"
            ),
            Self::ProxyHeader { name, upstream } => format!(
                "the proxy does not pass the header `{name}` on; add it to `request_headers` of the upstream \
                 {upstream}, or remove it from the request"
            ),
            Self::ProxyRefused { en, .. } => format!("the proxy: {en}"),
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
            Self::NotAllowed(wanted) => {
                format!("服务器可达，但它或其重定向的目标不允许此来源{}", wanted.chinese())
            }
            Self::NoAnswer => {
                "无应答：服务停止、主机错误、TLS、拦截插件或本地网络权限；请在新标签页打开该地址以判断".into()
            }
            Self::NoAnswerLocally => {
                "本地网络无应答：服务停止、主机错误、TLS、拦截插件，或浏览器未获准访问；请允许本站访问本地网络（在 iframe 中还需 \
                 `allow=\"local-network-access\"`），或在新标签页打开该地址以判断"
                    .into()
            }
            Self::Unread { asked, wanted } => format!(
                "没有可读的应答，而 {asked} 从不试探：服务停止，或不允许此来源{}",
                wanted.chinese()
            ),
            Self::NoProxy => {
                "本页的服务器没有代理；请以 `baton-serve --proxy proxy.toml` 启动，或删除 \"transport\": \"proxy\"".into()
            }
            Self::ProxySilent => "本页服务器上的代理没有给出完整应答；原因见其日志".into(),
            Self::ProxyToken { given: false } => "代理需要令牌；请输入，然后继续".into(),
            Self::ProxyToken { given: true } => "令牌不是代理的令牌；请输入正确的，然后继续".into(),
            Self::NoUpstream { target } => format!(
                "代理没有列出 {target} 的上游；请在其配置中添加 `base = \"{target}\"` 的上游"
            ),
            Self::ProxyHeader { name, upstream } => format!(
                "代理不转发请求头 `{name}`；请将其加入上游 {upstream} 的 `request_headers`，或从请求中删除"
            ),
            Self::ProxyRefused { zh, .. } => format!("代理：{zh}"),
        }
    }
}

impl Permission {
    fn needs_preflight(&self) -> bool {
        self.method.is_some() || !self.headers.is_empty()
    }

    /// The headers that the server has to answer with.
    fn answer_headers(&self) -> Vec<String> {
        let mut answers = vec![format!("`Access-Control-Allow-Origin: {}`", self.origin)];
        if self.credentials {
            answers.push("`Access-Control-Allow-Credentials: true`".into());
        }
        if let Some(method) = &self.method {
            answers.push(format!("`Access-Control-Allow-Methods: {method}`"));
        }
        if !self.headers.is_empty() {
            answers.push(format!("`Access-Control-Allow-Headers: {}`", self.headers.join(", ")));
        }
        answers
    }

    /// What needs the preflight.
    fn causes(&self) -> Vec<String> {
        let headers = self.headers.iter().map(|name| format!("`{name}`"));
        self.method.iter().cloned().chain(headers).collect()
    }

    fn english(&self) -> String {
        let answers = self.answer_headers().join(", ");
        let add = if self.needs_preflight() {
            let causes = self.causes().join(", ");
            format!(" ({causes} needs a preflight); add {answers}, to its answer to OPTIONS too")
        } else {
            format!("; add {answers}")
        };
        let own = match self.system {
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
        let add = if self.needs_preflight() {
            let causes = self.causes().join("、");
            format!("（{causes} 需要预检）；请添加 {answers}，对 OPTIONS 的应答也要添加")
        } else {
            format!("；请添加 {answers}")
        };
        let own = match self.system {
            Some(system) => system.setting(self, Locale::Zh),
            None => format!(
                "nginx 中写作：`add_header Access-Control-Allow-Origin {} always;`",
                self.origin
            ),
        };
        format!("{add}；{own}；或设置 \"transport\": \"proxy\"")
    }
}
