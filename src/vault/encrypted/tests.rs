use std::collections::{HashMap, VecDeque};
use std::fs;

use super::*;
use crate::base::random::Seeded;
use crate::base::secret::ExposeSecret;
use crate::vault::probe;

/// As little as Argon2 takes.
const CHEAP: Cost = Cost { memory_kib: 8, passes: 1 };

/// Says what was written down for them, and remembers what they were asked.
#[derive(Default)]
struct Script {
    says: Mutex<VecDeque<&'static str>>,
    asked: Mutex<Vec<Why>>,
}

impl Script {
    fn of(says: &[&'static str]) -> Arc<Self> {
        Arc::new(Self { says: Mutex::new(says.iter().copied().collect()), asked: Mutex::default() })
    }

    fn asked(&self) -> Vec<Why> {
        self.asked.lock().unwrap().clone()
    }
}

impl Person for Script {
    fn passphrase(&self, why: Why, _: &Path) -> Result<Option<Secret>, Error> {
        self.asked.lock().unwrap().push(why);
        Ok(self.says.lock().unwrap().pop_front().map(Secret::from))
    }

    fn agrees_to_plain(&self, _: &Path) -> bool {
        false
    }
}

#[derive(Clone, Default)]
struct Remembers(Arc<Mutex<HashMap<String, Secret>>>);

impl Cache for Remembers {
    fn get(&self, name: &str) -> Option<Secret> {
        self.0.lock().unwrap().get(name).cloned()
    }

    fn put(&self, name: &str, key: &Secret) {
        self.0.lock().unwrap().insert(name.to_owned(), key.clone());
    }

    fn clear(&self, name: &str) {
        self.0.lock().unwrap().remove(name);
    }
}

fn entry() -> Entry {
    Entry { origin: "https://a.example".into(), account: "../ada".into() }
}

fn vault(folder: &Path, person: &Arc<Script>) -> Encrypted {
    let (person, random) = (Arc::clone(person) as Arc<dyn Person>, Arc::new(crate::base::random::SystemRandom));
    Encrypted::in_folder(folder.join("vault"), person, random).at_cost(CHEAP)
}

fn held(vault: &Encrypted) -> Option<String> {
    vault.read(&entry()).unwrap().map(|secret| secret.expose_secret().to_owned())
}

/// A folder with a secret that is closed with `open sesame`.
fn filled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path(), &Script::of(&["open sesame"]));
    vault.prepare(&entry()).unwrap();
    vault.write(&entry(), &Secret::from("hush hush")).unwrap();
    folder
}

#[test]
fn what_is_closed_opens_with_its_passphrase_which_is_asked_once_per_run() {
    let folder = filled();
    let person = Script::of(&["open sesame"]);
    let vault = vault(folder.path(), &person);
    assert_eq!(held(&vault), Some("hush hush".into()));
    vault.write(&entry(), &Secret::from("another")).unwrap();
    assert_eq!(held(&vault), Some("another".into()));
    assert_eq!(probe(&vault), Ok(()));
    assert_eq!(person.asked(), [Why::Open]);
}

#[test]
fn nothing_on_the_disk_gives_the_secret_away() {
    let folder = filled();
    for file in fs::read_dir(folder.path().join("vault")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for secret in ["hush hush", "open sesame", STANDARD_OF_HUSH] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(!text.contains("a.example") && !text.contains("ada"), "{text}");
    }
}

/// `hush hush` in base64.
const STANDARD_OF_HUSH: &str = "aHVzaCBodXNo";

#[test]
fn a_wrong_passphrase_is_told_apart_from_none_and_from_damage() {
    let folder = filled();
    let says = |words: &[&'static str]| {
        let person = Script::of(words);
        let vault = vault(folder.path(), &person);
        // Asked for in vain once, it is not asked for again.
        let _ = vault.read(&entry());
        (vault.read(&entry()).map(|found| found.is_some()), person.asked())
    };
    assert_eq!(says(&[]), (Err(Error::Locked(NAME)), vec![Why::Open]));
    assert_eq!(says(&["open"]), (Err(Error::Passphrase(NAME)), vec![Why::Open, Why::Again]));
    let thrice = vec![Why::Open, Why::Again, Why::Again];
    assert_eq!(says(&["a", "b", "c", "open sesame"]), (Err(Error::Passphrase(NAME)), thrice));
    assert_eq!(says(&["open", "open sesame"]), (Ok(true), vec![Why::Open, Why::Again]));
    let file = vault(folder.path(), &Script::of(&[])).path(&entry());
    fs::write(&file, fs::read_to_string(&file).unwrap().replacen("\"sealed\":\"", "\"sealed\":\"AAAA", 1)).unwrap();
    let (damaged, _) = says(&["open sesame"]);
    assert!(matches!(&damaged, Err(Error::Failed(_, why)) if why.contains("damaged")), "{damaged:?}");
}

#[test]
fn without_a_passphrase_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let person = Script::of(&[]);
    let vault = vault(folder.path(), &person);
    assert_eq!(held(&vault), None);
    vault.open().unwrap();
    assert_eq!(vault.write(&entry(), &Secret::from("hush")), Err(Error::NoPassphrase(NAME)));
    assert!(person.asked().is_empty(), "asked without being told to");
    assert_eq!(vault.prepare(&entry()), Err(Error::NoPassphrase(NAME)));
    assert_eq!(person.asked(), [Why::New]);
    assert!(!folder.path().join("vault").exists());
}

#[test]
fn a_file_opens_only_for_whom_it_was_closed() {
    let folder = filled();
    let vault = vault(folder.path(), &Script::of(&["open sesame"]));
    let other = Entry { account: "eve".into(), ..entry() };
    fs::copy(vault.path(&entry()), vault.path(&other)).unwrap();
    assert!(vault.read(&other).is_err());
    assert_eq!(held(&vault), Some("hush hush".into()));
}

#[test]
fn a_key_that_another_window_made_first_counts() {
    let folder = tempfile::tempdir().unwrap();
    // The other window makes its key while this one asks for the passphrase.
    struct Races(PathBuf);
    impl Person for Races {
        fn passphrase(&self, _: Why, _: &Path) -> Result<Option<Secret>, Error> {
            let first = vault(&self.0, &Script::of(&["same"]));
            first.prepare(&entry()).unwrap();
            first.write(&entry(), &Secret::from("of the first")).unwrap();
            Ok(Some(Secret::from("same")))
        }

        fn agrees_to_plain(&self, _: &Path) -> bool {
            false
        }
    }
    let random = Arc::new(Seeded::new(1));
    let second = Encrypted::in_folder(folder.path().join("vault"), Arc::new(Races(folder.path().to_owned())), random);
    second.at_cost(CHEAP).prepare(&entry()).unwrap();
    let next = vault(folder.path(), &Script::of(&["same"]));
    assert_eq!(held(&next), Some("of the first".into()));
}

#[test]
fn a_cache_saves_the_question_until_somebody_signs_out() {
    let folder = filled();
    let cache = Remembers::default();
    let run = |says: &[&'static str]| {
        let person = Script::of(says);
        (vault(folder.path(), &person).cached_by(Box::new(cache.clone())), person)
    };
    let (first, asked) = run(&["open sesame"]);
    assert_eq!((held(&first), asked.asked()), (Some("hush hush".into()), vec![Why::Open]));
    let (second, asked) = run(&[]);
    assert_eq!((held(&second), asked.asked()), (Some("hush hush".into()), vec![]));
    second.delete(&entry()).unwrap();
    assert!(cache.0.lock().unwrap().is_empty());
    let (third, asked) = run(&[]);
    assert_eq!((held(&third), asked.asked()), (None, vec![]));
}

#[test]
fn a_file_that_asks_for_too_much_is_not_worked_on() {
    let folder = filled();
    let file = folder.path().join("vault/key.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"memory_kib\":8", "\"memory_kib\":4000000000")).unwrap();
    let refused = vault(folder.path(), &Script::of(&["open sesame"])).read(&entry()).unwrap_err();
    assert!(matches!(&refused, Error::Failed(_, why) if why.contains("damaged")), "{refused}");
}

#[cfg(unix)]
#[test]
fn what_others_may_get_at_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let folder = filled();
    let vault = vault(folder.path(), &Script::of(&["open sesame"]));
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for (path, mode, wanted) in
        [(vault.path(&entry()), 0o644, "600"), (vault.key_path(), 0o640, "600"), (vault.folder.clone(), 0o755, "700")]
    {
        set(&path, mode);
        assert_eq!(vault.read(&entry()).unwrap_err(), Error::Loose { vault: NAME, path: path.clone(), mode: wanted });
        set(&path, if wanted == "600" { 0o600 } else { 0o700 });
    }
    assert_eq!(held(&vault), Some("hush hush".into()));
}
