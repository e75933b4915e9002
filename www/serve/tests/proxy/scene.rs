//! A proxy, the upstream it leads to, and a client that cleans nothing.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use baton_serve::Pipeline;
use baton_serve::proxy::{Addresses, Config, Log, Proxy, Resolve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// What the upstream does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Writes this and closes.
    Bytes(Vec<u8>),
    /// Writes this, and nothing more for ever.
    Begins(Vec<u8>),
}

pub(crate) fn reply(head: &str, body: &str) -> Reply {
    Reply::Bytes(format!("HTTP/1.1 {head}\r\n\r\n{body}").into_bytes())
}

pub(crate) fn json(body: &str) -> Reply {
    let length = body.len();
    reply(&format!("200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}"), body)
}

/// Names and what they lead to; asked names are counted.
#[derive(Clone, Default)]
pub(crate) struct Names {
    known: HashMap<String, Vec<Vec<IpAddr>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Names {
    /// `answers` one after the other, the last for ever.
    pub(crate) fn of(host: &str, answers: &[&[&str]]) -> Self {
        let parse =
            |list: &&[&str]| list.iter().map(|text| text.parse().expect("an address")).collect();
        let known = HashMap::from([(host.to_owned(), answers.iter().map(parse).collect())]);
        Self { known, ..Self::default() }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.lock().expect("whole").len()
    }
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> Addresses<'a> {
        Box::pin(async move {
            let mut asked = self.asked.lock().expect("whole");
            let before = asked.iter().filter(|name| *name == host).count();
            asked.push(host.to_owned());
            let answers = self.known.get(host).ok_or(std::io::ErrorKind::NotFound)?;
            Ok(answers[before.min(answers.len() - 1)].clone())
        })
    }
}

pub(crate) struct Scene {
    pub(crate) proxy: SocketAddr,
    pub(crate) upstream: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    lines: Arc<Mutex<Vec<String>>>,
    logged: Arc<Notify>,
    _folder: Folder,
    tasks: JoinSet<()>,
}

/// The least that an upstream on loopback needs; `{port}` is its port.
pub(crate) const PLAIN: &str =
    "base = \"http://127.0.0.1:{port}\"\nprivate = [\"127.0.0.1\"]\npaths = [\"/v1\"]\n";

impl Scene {
    /// One upstream `up` with `lines` beside the least that it needs.
    pub(crate) async fn new(lines: &str, reply: Reply) -> Self {
        Self::with("", &format!("{PLAIN}{lines}"), Names::default(), reply).await
    }

    pub(crate) async fn with(root: &str, lines: &str, names: Names, reply: Reply) -> Self {
        let listener = listen().await;
        let upstream = listener.local_addr().expect("known");
        let seen = Arc::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(serve_upstream(listener, reply, Arc::clone(&seen)));
        let folder = Folder::new();
        let text = format!("origins = [\"self\"]\n{root}\n[upstreams.up]\n{lines}\n");
        let text = text.replace("{port}", &upstream.port().to_string());
        let config = Config::parse(&text, folder.path()).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let (lines, logged) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(Notify::new()));
        let log = Log::new({
            let (lines, logged) = (Arc::clone(&lines), Arc::clone(&logged));
            move |line| {
                lines.lock().expect("whole").push(line.to_owned());
                logged.notify_one();
            }
        });
        let listener = listen().await;
        let address = listener.local_addr().expect("known");
        let proxy = Proxy::new(config, address, names, log).unwrap_or_else(|e| panic!("{e}"));
        let site = proxy.before(baton_serve::site(folder.path().to_owned(), Pipeline::Absent));
        tasks.spawn(async move {
            baton_serve::serve(listener, site, std::future::pending()).await.expect("served");
        });
        Self { proxy: address, upstream, seen, lines, logged, _folder: folder, tasks }
    }

    /// All requests that have reached the upstream, as they came.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("whole").clone()
    }

    /// The line of the log number `n`, from 0, once it is written.
    pub(crate) async fn line(&self, n: usize) -> String {
        loop {
            let line = self.lines.lock().expect("whole").get(n).cloned();
            match line {
                Some(line) => return line,
                None => self.logged.notified().await,
            }
        }
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, "", "").await
    }

    /// As the page does, with `headers`, each ended by a line break.
    pub(crate) async fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &str,
        body: &str,
    ) -> Answer {
        let proxy = self.proxy;
        self.raw(&format!(
            "{method} {target} HTTP/1.1\r\nhost: {proxy}\r\norigin: http://{proxy}\r\nsec-fetch-site: same-origin\r\nsec-fetch-dest: empty\r\nconnection: close\r\n{headers}\r\n{body}"
        ))
        .await
    }

    /// Exactly these bytes.
    pub(crate) async fn raw(&self, text: &str) -> Answer {
        let mut stream = TcpStream::connect(self.proxy).await.expect("connected");
        stream.write_all(text.as_bytes()).await.expect("sent");
        let mut bytes = Vec::new();
        // A connection that is cut may end by a reset.
        drop(stream.read_to_end(&mut bytes).await);
        Answer::parse(&bytes)
    }

    /// A `POST` of this beginning of a body, and then the end of the connection. Done when the server has ended too.
    pub(crate) async fn abandon(&self, headers: &str, body: &str) {
        let mut stream = TcpStream::connect(self.proxy).await.expect("connected");
        let proxy = self.proxy;
        let request = format!(
            "POST /proxy/up/v1 HTTP/1.1\r\nhost: {proxy}\r\norigin: http://{proxy}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        drop(stream.shutdown().await);
        drop(stream.read_to_end(&mut Vec::new()).await);
    }

    /// That a request is refused with this status and code, says a mend, and has not reached the upstream.
    pub(crate) fn refused(&self, answer: &Answer, status: u16, code: &str) {
        assert_eq!(
            (answer.status, answer.header("x-baton-proxy")),
            (status, Some(code)),
            "{answer:?}"
        );
        for key in ["error", "error_zh", "code"] {
            assert!(answer.body.contains(&format!("\"{key}\":")), "{answer:?}");
        }
        assert!(answer.body.contains("; "), "a mend: {answer:?}");
        assert_eq!(self.seen(), Vec::<String>::new());
    }

    /// Makes the rest of the test fail if the proxy or the upstream has panicked.
    pub(crate) fn is_well(&mut self) {
        assert!(self.tasks.try_join_next().is_none(), "a server ended");
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) =
            text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub(crate) async fn listen() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port")
}

async fn serve_upstream(listener: TcpListener, reply: Reply, seen: Arc<Mutex<Vec<String>>>) {
    let mut silent = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().await.expect("accepted");
        let Some(request) = read_request(&mut stream).await else { continue };
        seen.lock().expect("whole").push(request);
        match &reply {
            Reply::Bytes(bytes) => {
                // The proxy may have had enough.
                drop(stream.write_all(bytes).await);
                drop(stream.shutdown().await);
            }
            Reply::Begins(bytes) => {
                stream.write_all(bytes).await.expect("begun");
                silent.push(stream);
            }
        }
    }
}

/// A head, and as much of a body as it says.
pub(crate) async fn read_request(stream: &mut (impl AsyncReadExt + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let length = stream.read(&mut piece).await.ok().filter(|&length| length > 0)?;
        bytes.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().expect("a length"));
        if body.len() >= length {
            return Some(text.into_owned());
        }
    }
}

/// A folder of its own with the files that configs name; gone when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("baton-proxy-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("made");
        for (name, content) in [
            ("index.html", "<!doctype html><p>Baton"),
            ("token", "0123456789abcdef\n"),
            ("short", "0123456789\n"),
            ("key", "s3cr3t/key+one\n"),
        ] {
            std::fs::write(path.join(name), content).expect("written");
        }
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
