//! Programs to automata that read a digit at a time, each state stored once however many plans have it.

use std::collections::HashMap;

use crate::normalize::numbering_plans::pattern::Step;

/// The most digits that any automaton reads.
pub const MAX_DIGITS: usize = 17;

/// What a state leads to by each digit, and what is to be said of a text that ends here.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct State {
    pub label: u16,
    pub next: [u16; 10],
}

/// A state's number from here on is that of a tail: what is said depends on the number of digits left alone.
pub const FIRST_TAIL: u16 = 0x8000;

/// What is said when so many digits are left.
pub type Tail = [u16; MAX_DIGITS + 1];

/// All states; the first is the one that leads nowhere and says nothing.
pub struct Pool {
    pub states: Vec<State>,
    known: HashMap<State, u16>,
    settled: HashMap<u16, u16>,
}

impl Pool {
    pub fn new() -> Self {
        Self { states: vec![State::default()], known: HashMap::from([(State::default(), 0)]), settled: HashMap::new() }
    }

    pub fn add(&mut self, state: State) -> u16 {
        *self.known.entry(state).or_insert_with(|| {
            self.states.push(state);
            u16::try_from(self.states.len() - 1).expect("the states are numbered in 16 bits")
        })
    }

    /// The states in two kinds, and the new number of each state: those whose digits matter, and tails.
    pub fn split(&self) -> (Vec<State>, Vec<Tail>, Vec<u16>) {
        let mut tails: Vec<Tail> = Vec::new();
        let mut states: Vec<State> = Vec::new();
        let mut numbers: Vec<u16> = Vec::new();
        for (place, state) in self.states.iter().enumerate() {
            let next = usize::from(state.next[0]);
            let is_alike = state.next.iter().all(|other| usize::from(*other) == next);
            // What a state leads to stands before it, unless it leads to itself for ever.
            let behind = match numbers.get(next) {
                _ if !is_alike => None,
                None => Some([state.label; MAX_DIGITS + 1]),
                Some(number) => number.checked_sub(FIRST_TAIL).map(|tail| tails[usize::from(tail)]),
            };
            let Some(behind) = behind else {
                numbers.push(u16::try_from(states.len()).expect("the states are numbered in 15 bits"));
                states.push(*state);
                continue;
            };
            assert!(next <= place);
            let mut tail = [state.label; MAX_DIGITS + 1];
            tail[1..].copy_from_slice(&behind[..MAX_DIGITS]);
            let known = tails.iter().position(|other| *other == tail).unwrap_or(tails.len());
            if known == tails.len() {
                tails.push(tail);
            }
            numbers.push(FIRST_TAIL + u16::try_from(known).expect("there are few tails"));
        }
        assert!(states.len() < usize::from(FIRST_TAIL));
        for state in &mut states {
            state.next = state.next.map(|next| numbers[usize::from(next)]);
        }
        (states, tails, numbers)
    }

    /// The state that says `label` of a text whatever follows.
    fn settled(&mut self, label: u16) -> u16 {
        if label == 0 {
            return 0;
        }
        if let Some(state) = self.settled.get(&label) {
            return *state;
        }
        let own = u16::try_from(self.states.len()).expect("the states are numbered in 16 bits");
        self.settled.insert(label, own);
        self.add(State { label, next: [own; 10] })
    }
}

/// Which patterns match a whole text: all patterns of a country code at once, by sets of instructions.
pub struct Matches {
    /// The states in the order in which they were found: what a state leads to stands behind it.
    nodes: Vec<Node>,
}

struct Node {
    matched: Vec<usize>,
    depth: usize,
    next: [Option<usize>; 10],
}

impl Matches {
    pub fn new(program: &[Step], starts: &[usize]) -> Self {
        let mut first = Vec::new();
        starts.iter().for_each(|start| reach(program, *start, &mut first));
        first.sort_unstable();
        let mut known = HashMap::from([((0, first.clone()), 0)]);
        let mut sets = vec![first];
        let mut nodes = vec![Node { matched: Vec::new(), depth: 0, next: [None; 10] }];
        let mut at = 0;
        while at < nodes.len() {
            let set = std::mem::take(&mut sets[at]);
            let matched = |pc: &usize| if let Step::Match(id) = program[*pc] { Some(id) } else { None };
            nodes[at].matched = set.iter().filter_map(matched).collect();
            let depth = nodes[at].depth + 1;
            for digit in (0..10).filter(|_| depth <= MAX_DIGITS) {
                let mut reached = Vec::new();
                for pc in &set {
                    if matches!(program[*pc], Step::Digit(digits) if digits & (1 << digit) != 0) {
                        reach(program, pc + 1, &mut reached);
                    }
                }
                if reached.is_empty() {
                    continue;
                }
                reached.sort_unstable();
                let next = *known.entry((depth, reached)).or_insert_with_key(|(depth, reached)| {
                    sets.push(reached.clone());
                    nodes.push(Node { matched: Vec::new(), depth: *depth, next: [None; 10] });
                    nodes.len() - 1
                });
                nodes[at].next[digit] = Some(next);
            }
            at += 1;
        }
        Self { nodes }
    }

    /// The automaton whose states say what `label` makes of the patterns that match and the number of digits.
    pub fn add_to(&self, pool: &mut Pool, label: impl Fn(&[usize], usize) -> u16) -> u16 {
        let mut added = vec![0; self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate().rev() {
            let next = node.next.map(|next| next.map_or(0, |next: usize| added[next]));
            added[place] = pool.add(State { label: label(&node.matched, node.depth), next });
        }
        added[0]
    }
}

fn reach(program: &[Step], pc: usize, reached: &mut Vec<usize>) {
    match program[pc] {
        Step::Digit(_) | Step::Match(_) if reached.contains(&pc) => {}
        Step::Digit(_) | Step::Match(_) => reached.push(pc),
        Step::Either(first, second) => {
            reach(program, first, reached);
            reach(program, second, reached);
        }
        Step::Jump(to) => reach(program, to, reached),
        Step::Save(_) => reach(program, pc + 1, reached),
        Step::End => panic!("the end is asked for in a pattern of whole numbers"),
    }
}

/// Where a match ends, and the ends of its groups.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Found {
    pub end: usize,
    pub slots: [Option<usize>; 4],
}

/// The match at the start of a text, of several the one that a backtracking matcher would find first.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Search {
    depth: usize,
    /// What may still match, the preferred ones first.
    threads: Vec<(usize, [Option<usize>; 4])>,
    best: Option<Found>,
}

impl Search {
    fn new(program: &[Step], start: usize) -> Self {
        let mut search = Self { depth: 0, threads: Vec::new(), best: None };
        search.follow(program, start, [None; 4], false);
        search
    }

    /// Follows a thread up to its next digit; whether it matched, so that those behind it are of no interest.
    fn follow(&mut self, program: &[Step], pc: usize, slots: [Option<usize>; 4], is_end: bool) -> bool {
        match program[pc] {
            Step::End if is_end => self.follow(program, pc + 1, slots, is_end),
            Step::Digit(_) | Step::End => {
                if !self.threads.iter().any(|(other, _)| *other == pc) {
                    self.threads.push((pc, slots));
                }
                false
            }
            Step::Either(first, second) => {
                self.follow(program, first, slots, is_end) || self.follow(program, second, slots, is_end)
            }
            Step::Jump(to) => self.follow(program, to, slots, is_end),
            Step::Save(slot) => {
                let mut slots = slots;
                slots[slot] = Some(self.depth);
                self.follow(program, pc + 1, slots, is_end)
            }
            Step::Match(_) => {
                self.best = Some(Found { end: self.depth, slots });
                true
            }
        }
    }

    fn after(&self, program: &[Step], digit: usize) -> Self {
        let mut next = Self { depth: self.depth + 1, threads: Vec::new(), best: self.best };
        for (pc, slots) in &self.threads {
            let is_read = matches!(program[*pc], Step::Digit(digits) if digits & (1 << digit) != 0);
            if is_read && next.follow(program, pc + 1, *slots, false) {
                break;
            }
        }
        next
    }

    fn found(&self, program: &[Step]) -> Option<Found> {
        let mut ended = Self { depth: self.depth, threads: Vec::new(), best: self.best };
        for (pc, slots) in &self.threads {
            if matches!(program[*pc], Step::End) && ended.follow(program, *pc, *slots, true) {
                break;
            }
        }
        ended.best
    }
}

/// The automaton whose states say what `label` makes of the match at the start of the text.
pub fn add_search(
    pool: &mut Pool,
    program: &[Step],
    start: usize,
    label: &mut impl FnMut(Option<Found>) -> u16,
) -> u16 {
    let mut known = HashMap::new();
    add_searched(pool, program, Search::new(program, start), label, &mut known)
}

fn add_searched(
    pool: &mut Pool,
    program: &[Step],
    search: Search,
    label: &mut impl FnMut(Option<Found>) -> u16,
    known: &mut HashMap<Search, u16>,
) -> u16 {
    if search.threads.is_empty() {
        return pool.settled(label(search.best));
    }
    if let Some(state) = known.get(&search) {
        return *state;
    }
    // So that the first digits decide about the prefix of a text with more digits than any automaton reads.
    assert!(search.depth < MAX_DIGITS, "a prefix as long as the longest text that is read");
    let mut next = [0; 10];
    for (digit, next) in next.iter_mut().enumerate() {
        *next = add_searched(pool, program, search.after(program, digit), label, known);
    }
    let state = pool.add(State { label: label(search.found(program)), next });
    known.insert(search, state);
    state
}
