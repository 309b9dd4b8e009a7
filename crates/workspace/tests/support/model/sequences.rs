//! Random sequences of operations: mostly sensible ones, and odd ones in between.

use serde_json::{Map, Value, json};

use super::Model;

const IDS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Where the choices of a sequence come from.
pub enum Random<'a> {
    /// Random numbers that depend on the seed only (SplitMix64).
    Seed(u64),
    /// Bytes, one a choice, and 0 when there is none left.
    Bytes(&'a [u8]),
}

impl Random<'_> {
    pub fn new(seed: u64) -> Self {
        Self::Seed(seed)
    }

    /// Whether there is nothing left to choose by.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Bytes([]))
    }

    fn next(&mut self) -> u64 {
        match self {
            Self::Seed(state) => {
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                mixed ^ (mixed >> 31)
            }
            Self::Bytes(bytes) => {
                let Some((first, rest)) = bytes.split_first() else { return 0 };
                *bytes = rest;
                u64::from(*first)
            }
        }
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn sample<T: Clone>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut left = from.to_vec();
        (0..count.min(from.len())).map(|_| left.swap_remove(self.below(left.len()))).collect()
    }
}

/// The lines of a sequence, after a first one that turns normalising off.
pub fn sequence(seed: u64) -> Vec<String> {
    sequence_of(&mut Random::new(seed), !seed.is_multiple_of(3))
}

/// The same by any choices, and no longer than there are any.
pub fn sequence_of(random: &mut Random<'_>, is_odd: bool) -> Vec<String> {
    let mut model = Model::new();
    let mut lines = Vec::new();
    let ignore: &[&str] = if random.chance(30) { &["e4"] } else { &[] };
    let config = json!({
        "op": "config", "normalize": false, "max_holders": random.pick(&[2, 3, 25]),
        "max_members": random.pick(&[3, 50]), "ignore": ignore,
    });
    let say = |lines: &mut Vec<String>, model: &mut Model, operation: &Value| {
        let line = operation.to_string();
        model.answer(lines.len(), &line);
        lines.push(line);
    };
    say(&mut lines, &mut model, &config);
    for id in IDS {
        if random.chance(90) {
            let contact = contact(random, is_odd);
            say(&mut lines, &mut model, &json!({"op": "add", "id": id, "contact": contact}));
        }
    }
    for _ in 0..random.pick(&[15, 30, 45]) {
        if random.is_over() {
            break;
        }
        let operation = operation(random, &model, lines.len(), is_odd);
        say(&mut lines, &mut model, &operation);
        if is_odd && random.chance(3) {
            lines.push(random.pick(&ODD_LINES).to_owned());
        }
    }
    lines
}

const ODD_LINES: [&str; 28] = [
    "# a comment",
    "   # another",
    "",
    "   ",
    "nope",
    "[1]",
    "5",
    "null",
    "\"x\"",
    "{}",
    "{\"op\":5}",
    "{\"op\":null}",
    "{\"op\":[\"a\"]}",
    "{\"op\":\"nosuch\"}",
    "{\"op\":\"check\",\"x\":1}",
    "{\"op\":\"add\"}",
    "{\"op\":\"merge\",\"merge\":\"m\"}",
    "{\"op\":\"block\",\"id\":\"a\"",
    "[\"block\",\"a\"]",
    "[{\"op\":\"block\",\"id\":\"a\"}]",
    "{\"op\":\"Block\",\"id\":\"a\"}",
    "{\"op\":\"block\",\"id\":1.0}",
    "{\"op\":\"add\",\"id\":1e2,\"contact\":{}}",
    "{\"op\":\"check\",\"now\":1.5}",
    "{\"op\":\"check\",\"actor\":{\"role\":\"agent\"}}",
    "{\"op\":\"check\",\"request\":null,\"now\":5,\"actor\":{\"name\":\"x\"}}",
    "{\"op\":\"config\",\"max_holders\":-0}",
    " {\"op\" : \"block\" , \"id\" : \"a\"} ",
];

fn contact(random: &mut Random<'_>, is_odd: bool) -> Map<String, Value> {
    let (emails, phones, tags) = (random.below(3), random.below(2), random.below(3));
    let mut customs = Map::new();
    let count = random.below(3);
    for key in random.sample(&["j", "k", "l"], count) {
        customs.insert(key.into(), random.pick(&[json!(""), json!("1"), json!("2"), json!(null)]));
    }
    // Consents and objections, which are like any other custom field here: merged, edited and undone.
    if random.chance(50) {
        let name = random.pick(&["opt_in", "unsubscribed"]);
        customs.insert(name.into(), random.pick(&[json!(""), json!("yes"), json!("no"), json!(true), json!(false)]));
    }
    let contact = json!({
        "created_at": random.below(9),
        "updated_at": random.below(9),
        "first_name": random.pick(&["", "N1", "N2", "N3"]),
        "last_name": random.pick(&["", "L1", "L2"]),
        "emails": random.sample(&["e1", "e2", "e3", "e4"], emails),
        "phones": random.sample(&["p1", "p2", "p3"], phones),
        "tags": random.sample(&["x", "y", "z"], tags),
        "custom": customs,
    });
    let Value::Object(mut contact) = contact else { unreachable!("an object") };
    let names: Vec<String> = contact.keys().cloned().collect();
    let leave_out = random.below(5);
    random.sample(&names, leave_out).iter().for_each(|name| drop(contact.remove(name)));
    if is_odd {
        make_odd(random, &mut contact);
    }
    contact
}

fn make_odd(random: &mut Random<'_>, contact: &mut Map<String, Value>) {
    for value in contact.values_mut() {
        if random.chance(12) {
            *value = Value::Null;
        }
        if let Some(items) = value.as_array_mut().filter(|items| !items.is_empty() && random.chance(15)) {
            items.push(if random.chance(50) { items[0].clone() } else { json!("") });
        }
    }
    if random.chance(5) {
        contact.insert("blocked".into(), random.pick(&[json!(true), json!(false), json!("x"), json!(""), json!(0)]));
    }
    if random.chance(4) {
        contact.insert("nickname".into(), random.pick(&[json!("q"), json!(5), json!(true), json!(null), json!(2.5)]));
    }
    if let Some(customs) = contact.get_mut("custom").and_then(Value::as_object_mut)
        && random.chance(10)
    {
        let name = random.pick(&["j", "k", "opt_in", "unsubscribed"]);
        customs.insert(name.into(), random.pick(&[json!(7), json!("7"), json!(2.5), json!(false), json!(true)]));
    }
    if random.chance(3) {
        let name = random.pick(&["emails", "custom", "created_at", "first_name", "tags", "nickname"]);
        let wrong =
            random.pick(&[json!(5), json!("x"), json!([1]), json!({"a": [1]}), json!(true), json!(1.5), json!({})]);
        contact.insert(name.into(), wrong);
    }
}

fn operation(random: &mut Random<'_>, model: &Model, number: usize, is_odd: bool) -> Value {
    let ops = "add add add edit edit edit edit delete block unblock unblock mark mark clear merge merge merge merge merge \
        undo undo undo undo resolve config check";
    let mut op = random.pick(&ops.split_whitespace().collect::<Vec<_>>());
    // Not so often that little is left.
    if op == "delete" && random.chance(60) {
        op = "edit";
    }
    let live = model.live_ids();
    let pool: Vec<String> =
        if !live.is_empty() && op != "add" && random.chance(90) { live } else { IDS.map(String::from).to_vec() };
    let (a, b) = (random.pick(&pool), random.pick(&pool));
    let mut operation = match op {
        "add" => json!({"op": op, "id": a, "contact": contact(random, is_odd)}),
        "edit" => edit(random, &a, is_odd),
        "mark" => json!({"op": "mark_distinct", "a": a, "b": b, "forever": random.chance(25)}),
        "clear" => json!({"op": "clear_distinct", "a": a, "b": b}),
        "merge" => {
            let count = 1 + random.below(3);
            let mut retire = random.sample(&pool, count);
            if random.chance(80) && retire.len() > 1 {
                retire.retain(|id| *id != a);
            }
            let name = if random.chance(95) { number } else { random.below(number + 1) };
            let (distinct, blocked) = (random.chance(50), random.chance(50));
            let name = format!("m{name}");
            json!({"op": op, "merge": name, "into": a, "retire": retire, "allow_apart": distinct, "allow_blocked": blocked})
        }
        "undo" => undo(random, model, is_odd),
        "resolve" => json!({"op": op, "id": random.pick(&["a", "b", "c", "d", "e", "f", "g", "h", "zz"])}),
        "config" => match random.below(3) {
            0 => json!({"op": op, "max_holders": random.pick(&[1, 2, 3, 25])}),
            1 => json!({"op": op, "max_members": random.pick(&[1, 2, 3, 50]), "normalize": false}),
            _ => json!({"op": op, "ignore": random.pick(&[&[][..], &["e4"], &["e1", "p1"]])}),
        },
        "check" => json!({"op": op}),
        _ => json!({"op": op, "id": a}),
    };
    if is_odd {
        spoil(random, operation.as_object_mut().expect("an object"));
    }
    operation
}

fn edit(random: &mut Random<'_>, id: &str, is_odd: bool) -> Value {
    let all = contact(random, is_odd);
    let names: Vec<String> = all.keys().cloned().collect();
    let set: Map<String, Value> =
        random.sample(&names, 3).into_iter().map(|name| (name.clone(), all[&name].clone())).collect();
    let count = random.below(3);
    let unset = random.sample(&["first_name", "tags", "custom", "phones", "emails", "updated_at", "created_at"], count);
    match random.below(3) {
        0 => json!({"op": "edit", "id": id, "set": set}),
        1 => json!({"op": "edit", "id": id, "unset": unset}),
        _ => json!({"op": "edit", "id": id, "set": set, "unset": unset}),
    }
}

fn undo(random: &mut Random<'_>, model: &Model, is_odd: bool) -> Value {
    let wants_standing = random.chance(90);
    let merges = model.merges().into_iter().filter(|(_, undone)| !undone || !wants_standing);
    let names: Vec<String> = merges.map(|(name, _)| name).chain(["none".to_owned()]).collect();
    let name = if random.chance(95) { random.pick(&names) } else { "none".to_owned() };
    let mut operation = json!({"op": "undo", "merge": name});
    let odd = [json!("x"), json!(5), json!(null), json!([]), json!(true)];
    if random.chance(70) {
        operation["edits"] = json!(random.pick(&["keep", "refuse", "overwrite"]));
    }
    if random.chance(85) {
        operation["later"] = json!(random.pick(&["refuse", "undo", "undo", "replay", "replay", "replay"]));
    }
    if random.chance(30) {
        operation["distinct"] = json!(random.chance(80));
    }
    for name in ["edits", "later"] {
        if is_odd && random.chance(5) {
            operation[name] = random.pick(&odd);
        }
    }
    operation
}

/// What stands in place of an argument.
fn junk() -> Vec<Value> {
    let texts = ["", "a", "bc", "zz", "false", "no", "Keep", "REPLAY", "undo ", "first_name", "blocked"];
    let mut junk: Vec<Value> = texts.map(Value::from).into();
    junk.extend([json!(null), json!(true), json!(false), json!(0), json!(1), json!(5), json!(-3), json!(1.5)]);
    junk.extend([json!([]), json!(["a"]), json!([["a"]]), json!([null]), json!([5, "5"]), json!(["x", 7])]);
    junk.extend([json!({}), json!({"a": 1}), json!({"blocked": "false"}), json!({"emails": "e1"})]);
    junk.extend([json!({"emails": ["e1", 5]}), json!({"custom": {"k": []}}), json!({"created_at": "1"})]);
    junk.extend([json!("m".repeat(256)), json!("m".repeat(257))]);
    junk
}

/// Makes an operation wrong now and then: an argument of another type, one too many, one missing.
fn spoil(random: &mut Random<'_>, operation: &mut Map<String, Value>) {
    let names: Vec<String> = operation.keys().filter(|name| *name != "op").cloned().collect();
    if random.chance(8) && !names.is_empty() {
        operation.insert(random.pick(&names), random.pick(&junk()));
        // Otherwise the keys are not those of the model.
        if operation["op"] == "config" && operation.get("normalize") == Some(&json!(true)) {
            operation.remove("normalize");
        }
    }
    if random.chance(3) {
        let names = ["x", "s", "self", "id", "a", "set", "forever", "allow_apart", "normalised", "later"];
        operation.insert(random.pick(&names).into(), random.pick(&junk()));
    }
    if random.chance(4) {
        let actors = [json!({"name": "ada"}), json!({"name": "ada", "restricted": true}), json!({"name": 5})];
        let odd = [json!({"name": "ada", "role": "boss"}), json!({"name": "a", "x": 1}), json!("ada"), json!(null)];
        operation.insert("actor".into(), random.pick(&[&actors[..], &odd].concat()));
    }
    if random.chance(4) {
        operation.insert("now".into(), random.pick(&[json!(5), json!(-5), json!(1.5), json!("5"), json!(null)]));
    }
    if random.chance(4) {
        operation.insert("request".into(), random.pick(&junk()));
    }
    if random.chance(3) && !names.is_empty() {
        operation.remove(&random.pick(&names));
    }
}
