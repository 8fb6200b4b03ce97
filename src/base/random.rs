//! Random bytes, injected so that tests can repeat a run.

use std::sync::Mutex;

/// A source of random bytes. Implementations must be fit for tokens, except [`Seeded`].
pub trait Random: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, out: &mut [u8]);
}

/// The operating system's generator, by way of aws-lc.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, out: &mut [u8]) {
        // aws-lc only fails when the kernel has no entropy device at all; going on with zeros would hand out
        // guessable tokens, so stopping is the one safe answer.
        aws_lc_rs::rand::fill(out).expect("the operating system gives random bytes");
    }
}

/// A repeatable stream (SplitMix64, Steele et al. 2014) for tests only: never for tokens.
#[derive(Debug)]
pub struct Seeded(Mutex<u64>);

impl Seeded {
    /// Starts the stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for Seeded {
    fn fill(&self, out: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in out.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// `bytes` random bytes as lowercase hexadecimal.
pub fn hex(random: &dyn Random, bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    random.fill(&mut buffer);
    buffer.iter().map(|b| format!("{b:02x}")).collect()
}
