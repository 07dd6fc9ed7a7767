//! Departments that recommend together with a unit (联合推荐部门), as its channel names them.

use super::{Campaign, Channel};

/// What a field's label says behind the department's name.
const OPINION: &str = "意见";

impl Campaign {
    /// The names of the departments whose opinion a channel asks for, in the order of its `joint`.
    pub fn departments(&self, channel: &Channel) -> Vec<String> {
        let name = |key: &String| {
            if let Some(name) = channel.departments.get(key) {
                return Some(name.clone());
            }
            let label = &self.unit_sheet()?.field(key)?.label;
            Some(label.strip_suffix(OPINION).unwrap_or(label).to_owned())
        };
        channel.joint.iter().filter_map(name).collect()
    }
}
