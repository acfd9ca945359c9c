//! Models of trained networks and of operators, mutated at random: each becomes a design or is refused. The function is that of the fuzz crate.

#[path = "../../fuzz/entry.rs"]
mod entry;

use crate::expected::Expected;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

/// Files of at most so many bytes are mutated.
const MOST_BYTES: usize = 40_000;
/// Seconds of the processor that a file of that size may take.
const MOST_SECONDS: f64 = 20.0;

fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors"));
    let operators = Expected::read(&folder.join("operators.safetensors"));
    let models = operators.tensors.iter().filter(|(name, _)| name.ends_with(".model"));
    let mut seeds: Vec<Vec<u8>> =
        models.map(|(_, tensor)| tensor.ints.iter().map(|byte| *byte as u8).collect()).collect();
    let mut paths: Vec<_> =
        fs::read_dir(folder.join("onnx")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "onnx"));
    paths.sort();
    seeds.extend(paths.iter().map(|path| fs::read(path).unwrap()).filter(|bytes| bytes.len() <= MOST_BYTES));
    seeds
}

/// A file with a few places changed: bits, bytes of interest, parts that are left out, doubled, or those of another file.
fn mutated(seeds: &[Vec<u8>], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = seeds[random.random_range(0..seeds.len())].clone();
    for _ in 0..random.random_range(1..6) {
        let (length, place) = (bytes.len().max(1), random.random_range(0..bytes.len().max(1)));
        let end = (place + random.random_range(1..40)).min(bytes.len());
        match random.random_range(0..7) {
            _ if bytes.is_empty() => bytes.push(random.next_u32() as u8),
            0 => bytes[place] ^= 1 << random.random_range(0..8),
            1 => bytes[place] = [0, 1, 0x7f, 0x80, 0xff, 2, 4, 8][random.random_range(0..8)],
            2 => bytes.truncate(random.random_range(0..length)),
            3 => drop(bytes.drain(place..end)),
            4 => {
                let part = bytes[place..end].to_vec();
                bytes.splice(place..place, part);
            }
            5 => {
                let other = &seeds[random.random_range(0..seeds.len())];
                let from = random.random_range(0..other.len());
                bytes.splice(place..end, other[from..(from + end - place).min(other.len())].iter().copied());
            }
            _ => bytes[place] = bytes[place].wrapping_add(random.random_range(0..3)).wrapping_sub(1),
        }
    }
    bytes
}

fn end_well(first: u64, until: impl Fn(u64) -> bool) {
    let seeds = seeds();
    assert!(seeds.len() > 30, "{} files", seeds.len());
    let mut count = 0;
    while !until(count) {
        let mut random = ChaCha8Rng::seed_from_u64(first + count);
        let bytes = mutated(&seeds, &mut random);
        let begin = processor_seconds();
        let ends = catch_unwind(|| entry::import(&bytes)).is_ok();
        let seconds = processor_seconds() - begin;
        if !ends || seconds > MOST_SECONDS {
            let path = std::env::temp_dir().join(format!("mutated_{}.onnx", first + count));
            fs::write(&path, &bytes).unwrap();
            panic!("{} ends well: {ends}, in {seconds:.1} s", path.display());
        }
        count += 1;
    }
    println!("{count} files from seed {first} on end well");
}

/// What this thread has used.
fn processor_seconds() -> f64 {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the call writes the structure that it is given.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr());
        usage.assume_init()
    };
    usage.ru_utime.tv_sec as f64 + usage.ru_utime.tv_usec as f64 / 1e6
}

#[test]
fn a_few_mutated_files_end_well() {
    end_well(0, |count| count == 300);
}

/// `make nightly`: ten minutes, from another seed each day.
#[test]
#[ignore = "ten minutes"]
fn mutated_files_end_well_for_ten_minutes() {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let begin = Instant::now();
    end_well(now.as_secs() / 86_400 * 1_000_000_000, |_| begin.elapsed() > Duration::from_secs(600));
}
