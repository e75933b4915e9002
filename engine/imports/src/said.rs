//! What is said about an import: notes beside what was made, and refusals. Each is a code with typed
//! arguments, a place, and a sentence in each language.

use baton_engine::json::Value;
use baton_engine::locale::Locale;

use crate::text::object;

/// An argument of a sentence.
trait Argument {
    fn value(&self) -> Value;
    fn words(&self, locale: Locale) -> String;
}

impl Argument for String {
    fn value(&self) -> Value {
        Value::from(self.as_str())
    }

    fn words(&self, _: Locale) -> String {
        self.clone()
    }
}

impl Argument for usize {
    fn value(&self) -> Value {
        Value::from(*self)
    }

    fn words(&self, _: Locale) -> String {
        self.to_string()
    }
}

impl Argument for Vec<String> {
    fn value(&self) -> Value {
        Value::Array(self.iter().map(|item| Value::from(item.as_str())).collect())
    }

    fn words(&self, locale: Locale) -> String {
        self.join(match locale {
            Locale::En => ", ",
            Locale::Zh => "、",
        })
    }
}

/// The code as an argument, the sentence in words.
impl Argument for Box<Refusal> {
    fn value(&self) -> Value {
        self.code().into()
    }

    fn words(&self, locale: Locale) -> String {
        self.sentence(locale)
    }
}

macro_rules! said {
    ($(#[$about:meta])* $type:ident: $(
        $variant:ident $({ $($field:ident: $of:ty),+ })? $code:literal $en:literal $zh:literal
    )+) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub(crate) enum $type { $($variant $({ $($field: $of),+ })?),+ }

        impl $type {
            pub(crate) fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code),+ }
            }

            fn args(&self) -> Vec<(&'static str, &dyn Argument)> {
                match self {
                    $(Self::$variant $({ $($field),+ })? => vec![$($((stringify!($field), $field as &dyn Argument)),+)?]),+
                }
            }

            fn words(&self, locale: Locale) -> &'static str {
                match (self, locale) {
                    $((Self::$variant { .. }, Locale::En) => $en, (Self::$variant { .. }, Locale::Zh) => $zh),+
                }
            }

            /// The sentence that a reader sees.
            pub(crate) fn sentence(&self, locale: Locale) -> String {
                // Piece by piece: an argument may itself look like a name in braces.
                let mut out = String::new();
                let mut rest = self.words(locale);
                let args = self.args();
                while let Some((before, after)) = rest.split_once('{') {
                    let (name, beyond) = after.split_once('}').unwrap_or((after, ""));
                    out.push_str(before);
                    if let Some((_, arg)) = args.iter().find(|(known, _)| *known == name) {
                        out.push_str(&arg.words(locale));
                    }
                    rest = beyond;
                }
                out.push_str(rest);
                out
            }

            /// As JSON, with the place that it is about.
            pub(crate) fn json(&self, place: &str) -> Value {
                let args = self.args().into_iter().map(|(name, arg)| (name.to_owned(), arg.value()));
                object([
                    ("code", self.code().into()),
                    ("args", Value::Object(args.collect())),
                    ("place", place.into()),
                    ("en", self.sentence(Locale::En).into()),
                    ("zh", self.sentence(Locale::Zh).into()),
                ])
            }
        }
    };
}

said! {
    /// What a reader should know about what was made.
    Said:
    OptionIgnored { option: String } "option_ignored"
        "{option} is left out: a browser decides about that itself"
        "已略去 {option}：这由浏览器自行决定"
    CommandIgnored { command: String } "command_ignored"
        "\"{command}\" is not curl and was left out"
        "“{command}”不是 curl，已略去"
    RedirectIgnored "redirect_ignored"
        "a redirection to or from a file was left out"
        "已略去对文件的重定向"
    GlobbingIgnored "globbing_ignored"
        "curl would make several requests of the brackets in this URL; here they are taken as they are"
        "curl 会把此 URL 中的括号展开为多个请求；这里按原样保留"
    SchemeGuessed { scheme: String } "scheme_guessed"
        "the URL names no scheme; {scheme} was taken, as curl does"
        "URL 没有写协议，按 curl 的做法取 {scheme}"
    FragmentLeftOut "fragment_left_out"
        "the part of the URL after # is never sent and was left out"
        "URL 中 # 之后的部分从不发送，已略去"
    CookiesLeftOut { names: Vec<String> } "cookies_left_out"
        "a page cannot set cookies ({names}); to send the browser's own, set \"credentials\": \"include\""
        "网页不能设置 Cookie（{names}）；若要发送浏览器自己的 Cookie，请写 \"credentials\": \"include\""
    HeadersLeftOut { names: Vec<String> } "headers_left_out"
        "headers that only the browser itself may set were left out: {names}"
        "已略去只能由浏览器自己设置的请求头：{names}"
    ConditionalLeftOut { names: Vec<String> } "conditional_left_out"
        "headers that ask for changes only were left out, as a stage wants the whole answer each time: {names}"
        "已略去只索取变化的请求头，因为阶段每次都需要完整响应：{names}"
    HeaderInvalid { name: String } "header_invalid"
        "the header {name} cannot be sent as it is written and was left out"
        "请求头 {name} 的写法无法发送，已略去"
    HeadersJoined { name: String } "headers_joined"
        "the header {name} is given several times; its values were joined with commas"
        "请求头 {name} 出现多次，其值已用逗号合并"
    ContentTypeRemoved "content_type_removed"
        "curl would send the body without a content type; a browser always sends one"
        "curl 会不带内容类型发送正文；浏览器总会带上一个"
    JsonSentAsForm "json_sent_as_form"
        "curl sends this JSON under the content type of a form, and so does the stage; remove that header if the server wants JSON"
        "curl 以表单的内容类型发送这段 JSON，本阶段也照此发送；若服务器要的是 JSON，请删去该请求头"
    BodyLeftOut { method: String } "body_left_out"
        "a browser cannot send a body with {method}; it was left out (many servers take POST for the same)"
        "浏览器不能随 {method} 发送正文，已略去（许多服务器对同一请求也接受 POST）"
    BodyMissing "body_missing"
        "the recording has no text of the body that was sent"
        "记录中没有当时所发正文的文本"
    NotUtf8 "not_utf8"
        "some bytes are no UTF-8 and were replaced"
        "有些字节不是 UTF-8，已被替换"
    SentOnce { method: String } "sent_once"
        "{method} may change something, so the stage sends it once; remove \"once\" if it only reads and should be polled"
        "{method} 可能会改动数据，因此本阶段只发送一次；若它只是读取、需要轮询，请删去 \"once\""
    AuthUnsupported { scheme: String } "auth_unsupported"
        "the authentication {scheme} is not supported and was left out"
        "不支持 {scheme} 认证，已略去"
    SecretsMasked { names: Vec<String> } "secrets_masked"
        "values that look secret were left out and are to be entered as secrets: {names}"
        "看似机密的值已略去，请作为机密另行输入：{names}"
    VariablesWithoutValue { names: Vec<String> } "variables_without_value"
        "these variables have no value yet: {names}"
        "以下变量尚无值：{names}"
    VariableRenamed { from: String, to: String } "variable_renamed"
        "the variable \"{from}\" is now called {to}, since names are made of letters, digits, _ and -"
        "变量“{from}”改名为 {to}，因为名称只能由字母、数字、_ 和 - 组成"
    VariableCycle { names: Vec<String> } "variable_cycle"
        "these variables refer to each other in a circle; the references were taken as text: {names}"
        "以下变量循环引用，引用已按文本处理：{names}"
    DynamicVariable { name: String } "dynamic_variable"
        "{name} has no counterpart; it became a variable without a value"
        "{name} 没有对应的功能，已成为没有值的变量"
    UuidShared "uuid_shared"
        "every use of a random UUID is the same one within a run here"
        "这里同一次运行中各处的随机 UUID 都是同一个"
    ScriptIgnored { event: String } "script_ignored"
        "the {event} script is not carried out"
        "{event} 脚本不会执行"
    Skipped { why: Box<Refusal> } "skipped"
        "left out: {why}"
        "已略去：{why}"
    TooManyRequests { seen: usize, limit: usize } "too_many_requests"
        "there are {seen} requests; a chain has at most {limit} stages, so the rest was left out"
        "共有 {seen} 个请求；一条链最多 {limit} 个阶段，其余已略去"
    SampleLeftOut { bytes: usize } "sample_left_out"
        "the recorded answer of {bytes} bytes is not given as a sample"
        "未提供 {bytes} 字节的记录响应作为样本"
    StatusNotProposed { status: String } "status_not_proposed"
        "the recorded status {status} is no success, so no check on it is proposed"
        "记录的状态 {status} 不表示成功，因此没有建议对它的检查"
    TemplatesLeft { names: Vec<String> } "templates_left"
        "these are templates, to be filled in by hand: {names}"
        "以下是模板，请手工填写：{names}"
    OwnCookies "own_cookies"
        "the stage sends the browser's own cookies, which are not known here"
        "本阶段会发送浏览器自己的 Cookie，这里无从得知"
    NulLeftOut "nul_left_out"
        "a command line cannot hold the character NUL; it was left out"
        "命令行不能包含 NUL 字符，已略去"
    CheckAsComment { check: String } "check_as_comment"
        "Hurl has no equal of {check}; it is a comment"
        "Hurl 没有与 {check} 对应的写法，已写成注释"
    PolicyAsComment { key: String } "policy_as_comment"
        "Hurl has no equal of \"{key}\"; it is a comment"
        "Hurl 没有与 \"{key}\" 对应的写法，已写成注释"
    HurlVariables { names: Vec<String> } "hurl_variables"
        "give these to hurl with --variable or --secret: {names}"
        "请用 --variable 或 --secret 把以下变量传给 hurl：{names}"
}

said! {
    /// Why nothing was made.
    Refusal:
    TooLarge { bytes: usize, limit: usize } "too_large"
        "the text has {bytes} bytes; at most {limit} are read"
        "文本有 {bytes} 字节；最多读取 {limit} 字节"
    TooMany { what: String, limit: usize } "too_many"
        "there are more than {limit} {what}"
        "{what} 超过 {limit} 个"
    NotJson { message: String } "not_json"
        "the text is not JSON: {message}"
        "文本不是 JSON：{message}"
    NotHar "not_har"
        "this is no HAR file: it has no log.entries"
        "这不是 HAR 文件：没有 log.entries"
    NotPostman "not_postman"
        "this is no Postman collection of version 2: export it as \"Collection v2.1\""
        "这不是 Postman 第 2 版集合：请导出为“Collection v2.1”"
    NoCurl "no_curl"
        "there is no curl command in this text; copy the request \"as cURL\" (bash or cmd)"
        "文本中没有 curl 命令；请以 cURL（bash 或 cmd）格式复制请求"
    NoUrl "no_url"
        "the curl command has no URL"
        "curl 命令没有 URL"
    NoSuchEntry { index: usize } "no_such_entry"
        "there is no entry {index}"
        "没有第 {index} 条记录"
    QuoteOpen { quote: String } "quote_open"
        "a quote that begins with {quote} is never closed"
        "以 {quote} 开始的引号没有闭合"
    Substitution { text: String } "substitution"
        "{text} is filled in by a shell, which there is none here; put in its value"
        "{text} 要由 shell 代入，而这里没有 shell；请直接写出它的值"
    UnknownOption { option: String } "unknown_option"
        "curl's option {option} is not known here"
        "不认识 curl 的选项 {option}"
    OptionWithEquals { option: String } "option_with_equals"
        "curl takes no value after =; write \"{option} value\""
        "curl 不接受等号后的值；请写“{option} 值”"
    ValueMissing { option: String } "value_missing"
        "the option {option} needs a value"
        "选项 {option} 需要一个值"
    FormData { option: String } "form_data"
        "{option} sends a multipart form, which a stage cannot"
        "{option} 发送多部分表单，阶段做不到"
    File { option: String } "file"
        "{option} reads a file, which a page cannot; put its content in"
        "{option} 要读取文件，网页做不到；请直接写出文件内容"
    Method { method: String } "method"
        "the method {method} is not one that a stage can send"
        "阶段不能发送 {method} 方法"
    Scheme { scheme: String } "scheme"
        "a stage sends to http and https, not to {scheme}"
        "阶段只能发往 http 和 https，不能发往 {scheme}"
    Question { message: String } "question"
        "the question is none: {message}"
        "问题无效：{message}"
    Document { message: String } "document"
        "nothing can be put into the document as it is now: {message}"
        "文档目前无法接受导入：{message}"
    NoStage { message: String } "no_stage"
        "this is no stage: {message}"
        "这不是阶段：{message}"
}

/// A refusal and its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refused {
    pub(crate) why: Refusal,
    pub(crate) place: String,
}

impl Refusal {
    pub(crate) fn at(self, place: &str) -> Refused {
        Refused { why: self, place: place.to_owned() }
    }
}

/// More are of no help to anyone.
const MAX_NOTES: usize = 500;

/// Everything said so far, each with its place.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Notes(Vec<(Said, String)>);

impl Notes {
    /// Says something, once a place.
    pub(crate) fn say(&mut self, said: Said, place: &str) {
        let note = (said, place.to_owned());
        if self.0.len() < MAX_NOTES && !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    pub(crate) fn json(&self) -> Value {
        Value::Array(self.0.iter().map(|(said, place)| said.json(place)).collect())
    }
}
