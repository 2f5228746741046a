//! Scenario 15: who may send what, when, and over whom.

use super::at;
use hearken::desk::*;

fn draft(author: Author) -> Draft {
    Draft::new("d", author, "We are sorry.")
}

fn ann() -> Author {
    Author::Person("ann".into())
}

struct Flow {
    draft: Draft,
    policy: ApprovalPolicy,
    setting: Setting,
}

impl Flow {
    fn new(author: Author) -> Self {
        Self { draft: draft(author), policy: ApprovalPolicy::default(), setting: Setting::default() }
    }

    fn step(&mut self, event: DraftEvent, minute: i64) -> Vec<DraftCommand> {
        self.draft.step(event, at(minute), &self.policy, self.setting)
    }

    fn approve(&mut self, by: &str, minute: i64) -> Vec<DraftCommand> {
        let text = self.draft.hash();
        self.step(DraftEvent::Approve { by: by.into(), text }, minute)
    }

    fn publish(&mut self, minute: i64) -> Vec<DraftCommand> {
        let (text, case_version) = (self.draft.hash(), self.setting.case_version);
        self.step(DraftEvent::Publish { text, case_version }, minute)
    }
}

fn refused(refusal: DraftRefusal) -> [DraftCommand; 1] {
    [DraftCommand::Refused(refusal)]
}

#[test]
fn approved_then_published_once() {
    let mut flow = Flow::new(ann());
    assert_eq!(flow.publish(0), refused(DraftRefusal::NotApproved));
    flow.step(DraftEvent::Submit, 0);
    assert_eq!(flow.approve("ann", 1), refused(DraftRefusal::OwnWork));
    flow.approve("bo", 1);
    assert!(matches!(flow.publish(2)[..], [DraftCommand::Publish { .. }]));
    assert_eq!(flow.publish(2), refused(DraftRefusal::Status));
    assert_eq!(flow.approve("cy", 3), refused(DraftRefusal::Status));
}

#[test]
fn an_edit_voids_the_approval() {
    let mut flow = Flow::new(ann());
    flow.step(DraftEvent::Submit, 0);
    flow.approve("bo", 1);
    flow.step(DraftEvent::Edit { by: "cy".into(), text: "We are sorry!".into() }, 2);
    assert_eq!(flow.publish(3), refused(DraftRefusal::NotApproved));
    flow.step(DraftEvent::Submit, 4);
    assert_eq!(flow.approve("cy", 5), refused(DraftRefusal::OwnWork), "who edits writes");
    let stale = DraftEvent::Approve { by: "bo".into(), text: TextHash::of("We are sorry.") };
    assert_eq!(flow.step(stale, 5), refused(DraftRefusal::OtherText));
    flow.approve("bo", 6);
    assert!(matches!(flow.publish(7)[..], [DraftCommand::Publish { .. }]));
}

#[test]
fn approvals_expire() {
    let mut flow = Flow::new(ann());
    flow.step(DraftEvent::Submit, 0);
    flow.approve("bo", 0);
    assert_eq!(flow.publish(24 * 60), refused(DraftRefusal::NotApproved));
    flow.approve("bo", 24 * 60);
    assert!(matches!(flow.publish(24 * 60 + 1)[..], [DraftCommand::Publish { .. }]));
}

#[test]
fn scenario_15_two_on_one_item_are_warned_and_the_stale_one_refused() {
    let mut flow = Flow::new(ann());
    assert!(flow.step(DraftEvent::Open("ann".into()), 0).is_empty());
    let warned = flow.step(DraftEvent::Open("bo".into()), 1);
    assert_eq!(warned, [DraftCommand::Warn { who: "bo".into(), others: ["ann".into()].into() }]);
    flow.step(DraftEvent::Submit, 1);
    flow.approve("cy", 2);
    let text = flow.draft.hash();
    flow.setting.case_version = 8;
    assert_eq!(flow.step(DraftEvent::Publish { text, case_version: 7 }, 3), refused(DraftRefusal::StaleCase));
}

#[test]
fn scenario_15_a_bot_is_silent_once_a_person_has_taken_over() {
    let mut flow = Flow::new(Author::Bot("faq".into()));
    flow.policy.bots_need_approval = false;
    flow.setting.answers_auto_reply = true;
    assert_eq!(flow.publish(0), refused(DraftRefusal::AutoReply));
    flow.setting = Setting { human: true, ..Setting::default() };
    assert_eq!(flow.publish(0), refused(DraftRefusal::HumanTookOver), "even when it was on its way");
    flow.setting.human = false;
    assert!(matches!(flow.publish(0)[..], [DraftCommand::Publish { .. }]));
}

#[test]
fn playbooks_go_step_by_step() {
    let book: Playbook = serde_json::from_str(
        r#"{"id": "recall", "steps": [{"id": "a", "owner": "pr"}, {"id": "b", "owner": "legal"},
            {"id": "c", "owner": "pr", "after": ["a", "b"]}]}"#,
    )
    .unwrap();
    let (mut crisis, commands) = Crisis::begin(book, at(0));
    assert_eq!(commands.len(), 2);
    assert!(crisis.done("a", "ann".into(), at(1)).is_empty());
    assert!(crisis.done("a", "ann".into(), at(1)).is_empty());
    assert!(crisis.done("z", "ann".into(), at(1)).is_empty());
    assert!(
        matches!(&crisis.done("b", "bo".into(), at(2))[..], [CrisisCommand::Begin(step)] if step.id == "c")
    );
    assert_eq!(crisis.done("c", "ann".into(), at(3)), [CrisisCommand::AllDone]);
    assert!(crisis.end(at(4)).is_empty() && crisis.ended == Some(at(4)), "it paused nothing");
}
