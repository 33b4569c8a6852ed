use std::rc::Rc;

pub struct Queue {
    waiting: Vec<u32>,
    done: Vec<u32>,
}

impl Queue {
    /// What is walked is changed meanwhile.
    pub fn work(&mut self) -> usize {
        for job in &self.waiting.clone() {
            if job % 2 == 0 {
                self.finish(*job);
            }
        }
        self.done.len()
    }

    fn finish(&mut self, job: u32) {
        self.waiting.retain(|other| *other != job);
        self.done.push(job);
    }
}

/// A counter is raised, no element copied.
pub fn shared(list: &Rc<Vec<u32>>) -> u32 {
    let list = list.clone();
    list.iter().sum()
}

/// It is changed.
pub fn sorted(list: &Vec<u32>) -> Vec<u32> {
    let mut sorted = list.clone();
    sorted.sort_unstable();
    sorted
}

pub fn run() -> String {
    let mut queue = Queue { waiting: vec![1, 2, 4], done: Vec::new() };
    format!("{} {} {:?}", queue.work(), shared(&Rc::new(vec![1, 2])), sorted(&vec![2, 1]))
}
