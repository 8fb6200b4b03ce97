//! Answers that are none, by the ten thousand: cut at every byte, of other types, never ending, packed without end.
//!
//! Each goes through the real client over a socket of its own. None may panic, hang, or be believed; none may cost more
//! memory than an answer may be large. In a process of its own, because its memory is measured and its panics counted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Community, Kind, Result};

use super::alone;
use super::answers::Ask;
use crate::faults::fake::{Fake, Reply, Tokens, json};

mod bodies;
mod fields;
mod wire;

/// What must come of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// It is understood.
    Good,
    /// It is refused as malformed.
    Malformed,
    /// It is a line that broke.
    Offline,
    /// It is refused, whatever as.
    Refused,
    /// It ends.
    Ends,
}

/// One answer to one call.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) ask: Ask,
    pub(super) expect: Expect,
    /// Made when it is sent: all of them at a time would be the memory that is measured.
    pub(super) reply: Box<dyn Fn() -> Reply + Send + Sync>,
}

/// A case may take this long at the very most; then it hangs.
const HANGS: Duration = Duration::from_secs(60);

/// What the process may grow by, in KiB.
const MOST_GROWTH: usize = 64 * 1024;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Cases that came out in another way than they must.
static WRONG: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Works through cases one after the other, with a server and a client of its own.
async fn work(cases: Arc<Mutex<Vec<Case>>>, timeouts: Timeouts) -> usize {
    let next: Arc<Mutex<Reply>> = Arc::new(Mutex::new(Reply::Say(Vec::new())));
    let reply = Arc::clone(&next);
    let fake = Fake::start(move |_| reply.lock().unwrap().clone()).await;
    let origin = Origin::parse(&format!("http://{}", fake.address)).unwrap();
    let mut done = 0;
    loop {
        let Some(case) = cases.lock().unwrap().pop() else { return done };
        *next.lock().unwrap() = (case.reply)();
        // A client per case: what one case did to a connection or a session is no matter of the next.
        let client = Native::new(origin.clone(), Tokens::holding("a", "b"), timeouts).unwrap();
        let came = tokio::time::timeout(HANGS, case.ask.of(&client)).await;
        match came {
            Ok(came) => judge(&case, &came),
            Err(_) => wrong(format!("{} on {:?} hangs", case.name, case.ask)),
        }
        done += 1;
    }
}

fn judge(case: &Case, came: &Result<String>) {
    let kind = came.as_ref().map_err(|error| &error.kind);
    let is_as_expected = match case.expect {
        Expect::Good => kind.is_ok(),
        Expect::Malformed => kind == Err(&Kind::Malformed),
        Expect::Offline => kind == Err(&Kind::Offline),
        Expect::Refused => kind.is_err(),
        Expect::Ends => true,
    };
    if !is_as_expected {
        wrong(format!("{} on {:?} should be {:?}: {came:?}", case.name, case.ask, case.expect));
    }
}

fn wrong(told: String) {
    WRONG.lock().unwrap().push(told);
}

/// Works through cases, so many at a time.
async fn all(cases: Vec<Case>, workers: usize, timeouts: Timeouts) -> usize {
    let cases = Arc::new(Mutex::new(cases));
    let workers: Vec<_> = (0..workers).map(|_| tokio::spawn(work(Arc::clone(&cases), timeouts))).collect();
    let mut done = 0;
    for worker in workers {
        done += worker.await.unwrap();
    }
    done
}

/// The most memory this process ever used, in KiB.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Elsewhere it is not measured: what is read is bounded by the same code.
#[cfg(not(target_os = "linux"))]
fn peak() -> usize {
    0
}

async fn everything() -> String {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        before(info);
    }));
    // The code that every case needs is in memory before it is measured.
    let valid = all(bodies::valid(), 8, Timeouts::default()).await;
    let start = peak();
    let cut = all(bodies::cut(), 32, Timeouts::default()).await;
    let fields = all(fields::all(), 32, Timeouts::default()).await;
    let wire = all(wire::nonsense(), 4, Timeouts::default()).await;
    // Silence is waited for, so the limits are short; what is said before is there at once.
    let short = Timeouts {
        connect: Duration::from_millis(1),
        idle: Duration::from_millis(100),
        whole: Duration::from_millis(400),
        ..Timeouts::default()
    };
    let silent = all(wire::silent(), 64, short).await;
    // Each of these is read up to the limit of an answer: a few at a time.
    let large = all(wire::large(), 2, Timeouts::default()).await;
    let streams = streams().await;
    let sum = valid + cut + fields + wire + silent + large + streams;
    let grown = peak() - start;
    let wrong = WRONG.lock().unwrap();
    assert!(wrong.is_empty(), "{} wrong, among them:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    let panics = PANICS.load(Ordering::SeqCst);
    assert_eq!(panics, 0, "panics");
    assert!(sum >= 10_000, "only {sum} cases");
    assert!(grown < MOST_GROWTH, "grew by {grown} KiB");
    format!(
        "malformed: {sum} cases ({cut} cut, {fields} fields, {wire} nonsense, {silent} silent, {large} large, \
         {streams} streams): {panics} panics, 0 hangs, memory grew by {} MiB",
        grown / 1024
    )
}

/// Live connections: whatever comes, they end, and with the first error.
async fn streams() -> usize {
    let cases = wire::streams();
    let count = cases.len();
    let timeouts = Timeouts { silence: Duration::from_millis(200), ..Timeouts::default() };
    let cases = futures_util::stream::iter(cases);
    cases
        .for_each_concurrent(16, |(name, reply)| async move {
            let fake = Fake::start(move |_| reply.clone()).await;
            let client = fake.client_with(timeouts, Tokens::holding("a", "b"));
            let Ok(stream) = client.live(Some(1)).await else { return };
            let heard = tokio::time::timeout(HANGS, stream.collect::<Vec<_>>()).await;
            let heard = heard.unwrap_or_else(|_| panic!("{name} hangs"));
            let errors = heard.iter().filter(|live| live.is_err()).count();
            assert!(errors <= 1 && heard[..heard.len() - errors].iter().all(Result::is_ok), "{name}: {heard:?}");
        })
        .await;
    count
}

#[test]
fn whatever_is_answered_ends_without_a_panic_and_within_bounds() {
    const TEST: &str = "network::malformed::whatever_is_answered_ends_without_a_panic_and_within_bounds";
    if std::env::var_os("LYCEUM_TEST_ALONE").is_some() {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(4).enable_all().build().unwrap();
        println!("\n{}", runtime.block_on(everything()));
        return;
    }
    let out = alone(TEST, &[("LYCEUM_TEST_ALONE", "1")]);
    let told = out.lines().find(|line| line.starts_with("malformed: ")).unwrap();
    println!("{told}");
}
