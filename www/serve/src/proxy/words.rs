//! The sentences of refusals, in English and Chinese. Each says what to do.

use axum::http::Method;

use super::TOKEN_HEADER;
use super::path::PathFault;
use super::refusal::Refusal;

pub(crate) fn english(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Host => "this server is not known by the name in Host; add where the page is reached to origins".into(),
        Refusal::Origin => "this origin may not use the proxy; add it to origins".into(),
        Refusal::Site => "only the page of this very server may use the proxy; open Baton here".into(),
        Refusal::Destination => "the proxy answers fetch() only, not pages, frames or scripts; call it from the page".into(),
        Refusal::Unnamed => "the request does not say who it is from; send Origin, or give the proxy a token and send that".into(),
        Refusal::NoToken => format!("the proxy needs its token; send it in {TOKEN_HEADER}"),
        Refusal::Token => format!("the token in {TOKEN_HEADER} is not the proxy's; ask who runs this server"),
        Refusal::AbsoluteForm => "this is no proxy for whole addresses; ask for /proxy/NAME/path".into(),
        Refusal::NoUpstream => "there is no upstream of this name; GET /proxy/ lists those there are, the config adds one".into(),
        Refusal::Method { upstream, allowed } => {
            let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
            format!("{upstream} takes {} only; add the method to its methods", names.join(", "))
        }
        Refusal::ListMethod => "the list of upstreams can only be read; use GET".into(),
        Refusal::Path(fault) => path_english(*fault).into(),
        Refusal::QueryTooLong => "the query is longer than 8 kB; shorten it".into(),
        Refusal::QueryReserved { name } => format!("{name} is set by the server; leave it out of the query"),
        Refusal::MethodOverride => "_method would change the method behind the list's back; leave it out of the query".into(),
        Refusal::UnwantedBody { method } => format!("{method} has no body; send none, or use POST"),
        Refusal::RequestTooLarge { limit } => format!("the body is longer than {limit} bytes; send less, or raise max_request_bytes"),
        Refusal::RequestSlow => "the request's body did not arrive in time; try again".into(),
        Refusal::RequestBroken => "the request's body broke off; try again".into(),
        Refusal::Busy => "too many requests are under way; try again in a second".into(),
        Refusal::NoAddress { host } => format!("{host} has no address; check base, and the server's name lookup"),
        Refusal::Address { host, address } => format!("{host} leads to {address}, which is not open to this upstream; if that is meant, list it in private"),
        Refusal::Unreachable { host } => format!("{host} cannot be reached from the server; check that it runs, and base"),
        Refusal::Tls { host } => format!("{host} shows no certificate that the server trusts; check base, or name its authority in ca_file"),
        Refusal::NotHttp { host } => format!("{host} broke off, or answered something that is not HTTP; check base"),
        Refusal::Slow { limit_ms } => format!("no whole answer within {limit_ms} ms; try again, or raise timeout_ms"),
        Refusal::Redirect { status, location } => format!("the upstream answered {} and leads to {location}, which is not followed; ask for that path, or change base", status.as_u16()),
        Refusal::ResponseTooLarge { limit } => format!("the answer is longer than {limit} bytes; ask for less, or raise max_response_bytes"),
        Refusal::Encoding => "the upstream compressed its answer unasked, so that secrets cannot be kept out of it; turn that off there".into(),
        Refusal::Switched => "the upstream wants another protocol; only HTTP is passed on".into(),
    }
}

pub(crate) fn chinese(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Host => "本服务器不认识 Host 中的名称；请把页面的访问地址加入 origins".into(),
        Refusal::Origin => "此来源无权使用代理；请把它加入 origins".into(),
        Refusal::Site => "只有本服务器自己的页面可以使用代理；请在此处打开 Baton".into(),
        Refusal::Destination => "代理只响应 fetch()，不响应页面、框架或脚本；请从页面中调用".into(),
        Refusal::Unnamed => "请求没有说明来自何处；请发送 Origin，或为代理设置令牌并发送它".into(),
        Refusal::NoToken => format!("代理需要令牌；请放在 {TOKEN_HEADER} 中发送"),
        Refusal::Token => format!("{TOKEN_HEADER} 中的令牌不正确；请询问此服务器的管理者"),
        Refusal::AbsoluteForm => "这不是转发完整地址的代理；请请求 /proxy/名称/路径".into(),
        Refusal::NoUpstream => {
            "没有这个名称的上游；GET /proxy/ 会列出已有的，新的要加入配置".into()
        }
        Refusal::Method { upstream, allowed } => {
            let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
            format!("{upstream} 只接受 {}；请把此方法加入它的 methods", names.join("、"))
        }
        Refusal::ListMethod => "上游列表只能读取；请用 GET".into(),
        Refusal::Path(fault) => path_chinese(*fault).into(),
        Refusal::QueryTooLong => "查询超过 8 kB；请缩短".into(),
        Refusal::QueryReserved { name } => format!("{name} 由服务器设置；请从查询中去掉"),
        Refusal::MethodOverride => "_method 会绕过列表改变方法；请从查询中去掉".into(),
        Refusal::UnwantedBody { method } => format!("{method} 没有请求体；请不要发送，或改用 POST"),
        Refusal::RequestTooLarge { limit } => {
            format!("请求体超过 {limit} 字节；请减少，或调高 max_request_bytes")
        }
        Refusal::RequestSlow => "请求体没有按时到达；请重试".into(),
        Refusal::RequestBroken => "请求体中断了；请重试".into(),
        Refusal::Busy => "进行中的请求太多；请一秒后重试".into(),
        Refusal::NoAddress { host } => format!("{host} 没有地址；请检查 base 和服务器的域名解析"),
        Refusal::Address { host, address } => {
            format!("{host} 指向 {address}，此上游不可访问该地址；若确需访问，请列入 private")
        }
        Refusal::Unreachable { host } => {
            format!("服务器连不上 {host}；请检查它是否在运行，以及 base")
        }
        Refusal::Tls { host } => {
            format!("{host} 的证书不受服务器信任；请检查 base，或用 ca_file 指定其签发机构")
        }
        Refusal::NotHttp { host } => format!("{host} 中断了，或返回的不是 HTTP；请检查 base"),
        Refusal::Slow { limit_ms } => {
            format!("{limit_ms} 毫秒内没有完整的响应；请重试，或调高 timeout_ms")
        }
        Refusal::Redirect { status, location } => format!(
            "上游返回 {} 并指向 {location}，代理不跟随；请直接请求该路径，或修改 base",
            status.as_u16()
        ),
        Refusal::ResponseTooLarge { limit } => {
            format!("响应超过 {limit} 字节；请少取一些，或调高 max_response_bytes")
        }
        Refusal::Encoding => "上游擅自压缩了响应，无法从中隐去机密；请在上游关闭压缩".into(),
        Refusal::Switched => "上游要求改用其他协议；只转发 HTTP".into(),
    }
}

fn path_english(fault: PathFault) -> &'static str {
    match fault {
        PathFault::Dots => "the path has a step of dots in it; write the path that is meant",
        PathFault::EmptySegment => {
            "the path has two slashes in a row, or an empty step; write one slash"
        }
        PathFault::Slash => {
            "the path has a slash or backslash inside a step; write plain slashes between steps"
        }
        PathFault::Control => "the path has a control character in it; leave it out",
        PathFault::Encoding => {
            "the path has a percent sign that encodes nothing, or encodes twice; encode each letter once, as UTF-8"
        }
        PathFault::Outside => "this path of the upstream is not open; add it to paths",
        PathFault::Long => "the path is longer than 8 kB; shorten it",
    }
}

fn path_chinese(fault: PathFault) -> &'static str {
    match fault {
        PathFault::Dots => "路径中有由点组成的一级；请直接写出所指的路径",
        PathFault::EmptySegment => "路径中有连续的斜杠或空的一级；请只写一个斜杠",
        PathFault::Slash => "路径的一级之内有斜杠或反斜杠；请只在各级之间写斜杠",
        PathFault::Control => "路径中有控制字符；请去掉",
        PathFault::Encoding => {
            "路径中的百分号没有编码任何字符，或编码了两次；请按 UTF-8 只编码一次"
        }
        PathFault::Outside => "上游的这个路径没有开放；请加入 paths",
        PathFault::Long => "路径超过 8 kB；请缩短",
    }
}
