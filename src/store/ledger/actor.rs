//! Who acts (经手人): what a row of the audit log names. Whoever acts is set around an act, `acting_as`, and holds for every ledger
//! that this thread writes meanwhile; where nobody is set, somebody sits at the command line.

use std::cell::RefCell;
use std::sync::OnceLock;

/// Who acts, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Account, `令牌 name（account）`, `命令行（system user）`, or the service itself.
    pub name: String,
    /// Network address; empty where there is none.
    pub source: String,
}

thread_local! {
    static ACTING: RefCell<Option<Actor>> = const { RefCell::new(None) };
}

impl Actor {
    /// The system user at the command line.
    pub fn at_command_line() -> Self {
        static USER: OnceLock<String> = OnceLock::new();
        Self {
            name: format!("命令行（{}）", USER.get_or_init(system_user)),
            source: String::new(),
        }
    }

    /// The service, of its own accord.
    pub fn service() -> Self {
        Self {
            name: "服务".to_owned(),
            source: String::new(),
        }
    }

    /// Somebody whose name is not known, such as who tries to come in.
    pub fn stranger(source: String) -> Self {
        Self {
            name: "未登录".to_owned(),
            source,
        }
    }

    /// Who acts now, in this thread.
    pub fn now() -> Self {
        ACTING
            .with_borrow(Clone::clone)
            .unwrap_or_else(Self::at_command_line)
    }
}

/// Does something as somebody: what this thread writes into a ledger meanwhile bears that name.
pub fn acting_as<T>(actor: Actor, act: impl FnOnce() -> T) -> T {
    /// Puts back who acted before, after a panic too.
    struct Before(Option<Actor>);
    impl Drop for Before {
        fn drop(&mut self) {
            ACTING.set(self.0.take());
        }
    }
    let _before = Before(ACTING.replace(Some(actor)));
    act()
}

/// The system's name of the user that runs this program. Not what the environment says, which anybody sets as they like.
fn system_user() -> String {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // the folder of a process belongs to whoever runs it
        let Ok(me) = std::fs::metadata("/proc/self") else {
            return "未知".to_owned();
        };
        let uid = me.uid().to_string();
        let known = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let named = known.lines().find_map(|line| {
            let mut parts = line.split(':');
            let name = parts.next()?;
            (parts.nth(1)? == uid).then(|| name.to_owned())
        });
        named.unwrap_or_else(|| format!("用户 {uid}"))
    }
    #[cfg(not(unix))]
    "未知".to_owned()
}
