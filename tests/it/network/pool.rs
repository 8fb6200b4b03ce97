//! Connections that were kept and died meanwhile, without a word or with one: a read goes once more on a fresh one, a
//! write never.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lyceum::base::ids::{IdempotencyKey, ThreadId};
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Community, Kind};
use lyceum::model::change::Change;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::faults::ME;
use crate::faults::fake::{Tokens, read};

/// Long enough for an answer on any machine; silence is waited for that long.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a connection does after its first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// Answers on.
    Answers,
    /// Reads the next request and hangs up.
    HangsUp,
    /// Reads and says nothing any more, as after a change of networks.
    Silent,
    /// Hangs up on the first request already.
    Refuses,
}

/// A server whose first connection changes its mind; later ones answer. Every request is noted with its connection.
struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<(usize, String)>>>,
}

impl Server {
    async fn start(then: Then, later: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let seen = Arc::clone(&server.seen);
        tokio::spawn(async move {
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                number += 1;
                let then = if number == 1 { then } else { later };
                tokio::spawn(serve(stream, number, then, Arc::clone(&seen)));
            }
        });
        server
    }

    fn client(&self, idle: Duration) -> Native {
        let origin = Origin::parse(&format!("http://{}", self.address)).unwrap();
        let timeouts = Timeouts { idle, connect: Duration::from_millis(1), ..Timeouts::default() };
        Native::new(origin, Tokens::holding("a", "b"), timeouts).unwrap()
    }

    /// On which connections requests of a method came.
    fn of(&self, method: &str) -> Vec<usize> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|(_, request)| request.starts_with(method)).map(|(number, _)| *number).collect()
    }
}

async fn serve(mut stream: TcpStream, number: usize, then: Then, seen: Arc<Mutex<Vec<(usize, String)>>>) {
    let answer = format!(
        "HTTP/1.1 200 OK\r\nlyceum-server: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ME}",
        ME.len()
    );
    let mut answered = 0;
    while let Some(request) = read(&mut stream).await {
        seen.lock().unwrap().push((number, request.0));
        match then {
            Then::Answers => {}
            Then::Refuses => return,
            _ if answered == 0 => {}
            Then::HangsUp => return,
            Then::Silent => return std::future::pending().await,
        }
        let _ = stream.write_all(answer.as_bytes()).await;
        answered += 1;
    }
}

fn follow() -> Change {
    Change::Follow { thread: ThreadId::new("1"), on: true }
}

#[tokio::test]
async fn a_read_goes_once_more_when_a_kept_connection_was_dead() {
    for then in [Then::HangsUp, Then::Silent] {
        let server = Server::start(then, Then::Answers).await;
        let client = server.client(PATIENCE);
        client.me().await.unwrap();
        client.me().await.unwrap_or_else(|error| panic!("{then:?}: {error:?}"));
        assert_eq!(server.of("GET"), [1, 1, 2], "{then:?}");
        // What is kept from now on is alive.
        client.me().await.unwrap();
        assert_eq!(server.of("GET"), [1, 1, 2, 2], "{then:?}");
    }
}

#[tokio::test]
async fn it_goes_once_more_and_not_again() {
    for then in [Then::HangsUp, Then::Silent] {
        let server = Server::start(then, Then::Refuses).await;
        let client = server.client(PATIENCE);
        client.me().await.unwrap();
        assert_eq!(client.me().await.unwrap_err().kind, Kind::Offline, "{then:?}");
        assert_eq!(server.of("GET"), [1, 1, 2], "{then:?}");
    }
}

#[tokio::test]
async fn a_write_is_never_sent_twice_by_the_client() {
    for then in [Then::HangsUp, Then::Silent] {
        let server = Server::start(then, Then::Answers).await;
        let client = server.client(PATIENCE);
        client.me().await.unwrap();
        let error = client.apply(&follow(), &IdempotencyKey::new("k")).await.unwrap_err();
        assert!(matches!(error.kind, Kind::Offline | Kind::Timeout), "{then:?}: {error:?}");
        assert!(!error.unsent, "nobody knows whether it arrived");
        assert_eq!(server.of("PUT"), [1], "{then:?}");
    }
}

#[tokio::test]
async fn a_first_request_that_fails_is_not_repeated() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(Mutex::new(0));
    let seen = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if read(&mut stream).await.is_some() {
                *seen.lock().unwrap() += 1;
            }
        }
    });
    let origin = Origin::parse(&format!("http://{address}")).unwrap();
    let client = Native::new(origin, Tokens::holding("a", "b"), Timeouts::default()).unwrap();
    assert_eq!(client.me().await.unwrap_err().kind, Kind::Offline);
    assert_eq!(*count.lock().unwrap(), 1, "no connection was kept that could have been dead");
}

/// Both tries together take no longer than one call may.
#[tokio::test]
async fn two_tries_share_the_time_of_one() {
    let server = Server::start(Then::Silent, Then::Answers).await;
    let origin = Origin::parse(&format!("http://{}", server.address)).unwrap();
    let whole = Duration::from_millis(200);
    let timeouts = Timeouts { whole, ..Timeouts::default() };
    let client = Native::new(origin, Tokens::holding("a", "b"), timeouts).unwrap();
    client.me().await.unwrap();
    assert_eq!(client.me().await.unwrap_err().kind, Kind::Timeout);
    assert_eq!(server.of("GET"), [1, 1], "the first try took it all");
}
