//! Regular expressions over digits, as the phone library's metadata writes them, to small programs.

/// A set of digits, a bit for each.
type Digits = u16;

const ALL_DIGITS: Digits = 0x3ff;

/// An instruction; without another target the next one follows.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Digit(Digits),
    /// The first is preferred.
    Either(usize, usize),
    Jump(usize),
    /// Notes down the place in a slot: 0 and 1 are the ends of the first group, 2 and 3 those of the second.
    Save(usize),
    End,
    Match(usize),
}

enum Tree {
    Digit(Digits),
    Sequence(Vec<Tree>),
    Choice(Vec<Tree>),
    Repeat(Box<Tree>, usize, usize),
    Group(usize, Box<Tree>),
    End,
}

/// Appends the program of `pattern`, which ends in `Match(id)`, and gives its first instruction.
pub fn compile(program: &mut Vec<Step>, pattern: &str, id: usize) -> usize {
    let start = program.len();
    let mut parser = Parser { text: pattern.as_bytes(), groups: 0 };
    let tree = parser.choice();
    assert!(parser.text.is_empty(), "{pattern}: something stands behind the end");
    emit(program, &tree);
    program.push(Step::Match(id));
    start
}

struct Parser<'a> {
    text: &'a [u8],
    groups: usize,
}

impl Parser<'_> {
    fn takes(&mut self, expected: &str) -> bool {
        let rest = self.text.strip_prefix(expected.as_bytes());
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    fn next(&mut self) -> u8 {
        let (first, rest) = self.text.split_first().expect("a pattern ends where an item may end");
        self.text = rest;
        *first
    }

    fn choice(&mut self) -> Tree {
        let mut choices = vec![self.sequence()];
        while self.takes("|") {
            choices.push(self.sequence());
        }
        Tree::Choice(choices)
    }

    fn sequence(&mut self) -> Tree {
        let mut items = Vec::new();
        while !matches!(self.text.first(), None | Some(b'|' | b')')) {
            let item = self.item();
            items.push(self.repeated(item));
        }
        Tree::Sequence(items)
    }

    fn item(&mut self) -> Tree {
        match self.next() {
            digit @ b'0'..=b'9' => Tree::Digit(1 << (digit - b'0')),
            b'\\' => match self.next() {
                b'd' => Tree::Digit(ALL_DIGITS),
                other => panic!("an escape that is not known: {}", char::from(other)),
            },
            b'[' => Tree::Digit(self.class()),
            b'(' if self.takes("?:") => self.closed(),
            b'(' => {
                let group = self.groups;
                self.groups += 1;
                Tree::Group(group, Box::new(self.closed()))
            }
            b'$' => Tree::End,
            other => panic!("a character that is not known: {}", char::from(other)),
        }
    }

    fn closed(&mut self) -> Tree {
        let tree = self.choice();
        assert!(self.takes(")"), "a bracket is open");
        tree
    }

    fn class(&mut self) -> Digits {
        let mut digits = 0;
        while !self.takes("]") {
            let first = self.digit();
            let last = if self.takes("-") { self.digit() } else { first };
            digits |= (first..=last).fold(0, |digits, digit| digits | 1 << digit);
        }
        digits
    }

    fn digit(&mut self) -> u8 {
        let digit = self.next();
        assert!(digit.is_ascii_digit(), "{} in a class", char::from(digit));
        digit - b'0'
    }

    fn repeated(&mut self, item: Tree) -> Tree {
        let (min, limit) = match () {
            () if self.takes("?") => (0, 1),
            () if self.takes("{") => {
                let min = self.number();
                let limit = if self.takes(",") { self.number() } else { min };
                assert!(self.takes("}"), "a repetition is open");
                (min, limit)
            }
            () => return item,
        };
        assert!(!matches!(self.text.first(), Some(b'?' | b'*' | b'+')), "a repetition that is not known");
        Tree::Repeat(Box::new(item), min, limit)
    }

    fn number(&mut self) -> usize {
        let mut number = 0;
        while self.text.first().is_some_and(u8::is_ascii_digit) {
            number = number * 10 + usize::from(self.digit());
        }
        number
    }
}

fn emit(program: &mut Vec<Step>, tree: &Tree) {
    match tree {
        Tree::Digit(digits) => program.push(Step::Digit(*digits)),
        Tree::Sequence(items) => items.iter().for_each(|item| emit(program, item)),
        Tree::Choice(choices) => emit_choice(program, choices),
        Tree::Repeat(item, min, limit) => {
            (0..*min).for_each(|_| emit(program, item));
            let mut branches = Vec::new();
            for _ in *min..*limit {
                branches.push(program.len());
                program.push(Step::Jump(0));
                emit(program, item);
            }
            let end = program.len();
            for branch in branches {
                program[branch] = Step::Either(branch + 1, end);
            }
        }
        Tree::Group(group, item) => {
            let is_kept = *group < 2;
            if is_kept {
                program.push(Step::Save(group * 2));
            }
            emit(program, item);
            if is_kept {
                program.push(Step::Save(group * 2 + 1));
            }
        }
        Tree::End => program.push(Step::End),
    }
}

fn emit_choice(program: &mut Vec<Step>, choices: &[Tree]) {
    let Some((last, others)) = choices.split_last() else { return };
    let mut jumps = Vec::new();
    for choice in others {
        let branch = program.len();
        program.push(Step::Jump(0));
        emit(program, choice);
        jumps.push(program.len());
        program.push(Step::Jump(0));
        program[branch] = Step::Either(branch + 1, program.len());
    }
    emit(program, last);
    let end = program.len();
    for jump in jumps {
        program[jump] = Step::Jump(end);
    }
}
