//! Where connections go, and where they do not.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::scene::{Names, Scene, json, listen, read_request};

const NAMED: &str = "base = \"http://api.example:{port}\"\npaths = [\"/v1\"]\n";
const LISTED: &str =
    "base = \"http://api.example:{port}\"\npaths = [\"/v1\"]\nprivate = [\"127.0.0.1\"]\n";

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_refused() {
    for address in [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.100.100.200",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ] {
        let names = Names::of("api.example", &[&[address]]);
        let scene = Scene::with("", NAMED, names, json("{}")).await;
        let answer = scene.get("/proxy/up/v1").await;
        scene.refused(&answer, 403, "address");
        assert!(answer.body.contains("api.example leads to"), "{answer:?}");
    }
}

#[tokio::test]
async fn one_private_address_among_public_ones_is_enough() {
    let names = Names::of("api.example", &[&["93.184.216.34", "127.0.0.1"]]);
    let scene = Scene::with("", NAMED, names, json("{}")).await;
    scene.refused(&scene.get("/proxy/up/v1").await, 403, "address");
}

#[tokio::test]
async fn a_listed_private_address_is_reached_by_its_name() {
    let names = Names::of("api.example", &[&["127.0.0.1"]]);
    let scene = Scene::with("", LISTED, names, json("{}")).await;
    assert_eq!(scene.get("/proxy/up/v1").await.status, 200);
    let host = format!("host: api.example:{}\r\n", scene.upstream.port());
    assert!(scene.seen()[0].contains(&host), "{:?}", scene.seen());
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_the_checked_address_is_used() {
    // Whoever looked twice would be led elsewhere.
    let names = Names::of("api.example", &[&["127.0.0.1"], &["127.0.0.2"]]);
    let scene = Scene::with("", LISTED, names.clone(), json("{}")).await;
    assert_eq!(scene.get("/proxy/up/v1").await.status, 200);
    assert_eq!(names.asked(), 1);
    let answer = scene.get("/proxy/up/v1").await;
    assert_eq!(answer.header("x-baton-proxy"), Some("address"), "rebound: {answer:?}");
    assert_eq!(scene.seen().len(), 1);
}

#[tokio::test]
async fn the_next_address_is_tried_when_one_refuses() {
    // Nobody listens at the first.
    let names = Names::of("api.example", &[&["127.0.0.9", "127.0.0.1"]]);
    let lines = LISTED.replace("[\"127.0.0.1\"]", "[\"127.0.0.0/8\"]");
    let scene = Scene::with("", &lines, names, json("{}")).await;
    assert_eq!(scene.get("/proxy/up/v1").await.status, 200);
}

#[tokio::test]
async fn a_name_without_an_address_and_a_closed_port_are_said() {
    let scene = Scene::with("", NAMED, Names::default(), json("{}")).await;
    scene.refused(&scene.get("/proxy/up/v1").await, 502, "no_address");
    let names = Names::of("api.example", &[&[]]);
    let scene = Scene::with("", NAMED, names, json("{}")).await;
    scene.refused(&scene.get("/proxy/up/v1").await, 502, "no_address");
    let lines = LISTED.replace("{port}", "1");
    let names = Names::of("api.example", &[&["127.0.0.1"]]);
    let scene = Scene::with("", &lines, names, json("{}")).await;
    scene.refused(&scene.get("/proxy/up/v1").await, 502, "unreachable");
}

#[tokio::test]
async fn a_certificate_must_be_of_a_trusted_authority_and_for_the_name() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["api.example".to_owned()]).expect("made");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("known")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("fits");
    let listener = listen().await;
    let port = listener.local_addr().expect("known").port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("accepted");
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            if read_request(&mut stream).await.is_some() {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(answer).await.expect("sent");
            }
        }
    });
    let file = std::env::temp_dir().join(format!("baton-proxy-ca-{}.pem", std::process::id()));
    std::fs::write(&file, cert.pem()).expect("written");
    let trusted = format!("ca_file = {:?}\n", file.display().to_string());
    for (host, lines, expected) in [
        ("api.example", trusted.as_str(), "upstream"),
        // For another name, though at the same address.
        ("other.example", trusted.as_str(), "tls"),
        ("api.example", "", "tls"),
    ] {
        let base = format!(
            "base = \"https://{host}:{port}\"\nprivate = [\"127.0.0.1\"]\npaths = [\"/v1\"]\n{lines}"
        );
        let names = Names::of(host, &[&["127.0.0.1"]]);
        let scene = Scene::with("", &base, names, json("{}")).await;
        let answer = scene.get("/proxy/up/v1").await;
        assert_eq!(answer.header("x-baton-proxy"), Some(expected), "{host} {lines} {answer:?}");
    }
    std::fs::remove_file(file).expect("removed");
}
