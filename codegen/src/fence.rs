//! Code fences of hand-written Markdown, by the rules of CommonMark.
//!
//! Only what tells an example from a marker is read: fences, and the list items that they may be
//! indented with. One wrong step would take all that follows for code, or code for text.

/// Where a file, read line by line, is between fences.
#[derive(Default)]
pub(crate) struct Fences {
    /// How far the text of each open list item is indented, from the outermost inwards.
    items: Vec<usize>,
    open: Option<Fence>,
}

/// An opened fence.
struct Fence {
    line: usize,
    mark: char,
    length: usize,
}

impl Fences {
    /// Whether the next line is inside a fence, or opens or closes one.
    pub(crate) fn hold(&mut self, number: usize, line: &str) -> bool {
        let mut text = line.trim();
        let mut indent = indent(line);
        if text.is_empty() {
            return self.open.is_some();
        }
        // A fence ends with the item that it is in, closed or not.
        if let Some(fence) = self.open.as_ref().filter(|_| indent >= self.item()) {
            if indent <= self.item() + 3 && fence.is_closed_by(text) {
                self.open = None;
            }
            return true;
        }
        self.items.retain(|item| *item <= indent);
        while indent <= self.item() + 3
            && let Some(bullet) = bullet(text)
        {
            indent += bullet;
            text = text[bullet..].trim_start();
            self.items.push(indent);
        }
        // Further in, it is code without a fence, or the next line of a paragraph.
        let may_open = indent <= self.item() + 3;
        self.open = Fence::opened_by(number, text).filter(|_| may_open);
        self.open.is_some()
    }

    /// The line that opened a fence that is not closed yet.
    pub(crate) fn opened(&self) -> Option<usize> {
        self.open.as_ref().map(|fence| fence.line)
    }

    fn item(&self) -> usize {
        self.items.last().copied().unwrap_or_default()
    }
}

impl Fence {
    fn opened_by(line: usize, text: &str) -> Option<Self> {
        let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let rest = text.trim_start_matches(mark);
        let length = text.len() - rest.len();
        // Backticks after backticks are code within a line.
        let is_fence = length >= 3 && !(mark == '`' && rest.contains('`'));
        is_fence.then_some(Self { line, mark, length })
    }

    fn is_closed_by(&self, text: &str) -> bool {
        text.len() >= self.length && text.chars().all(|character| character == self.mark)
    }
}

/// How far a line is indented; a tab leads to the next multiple of four.
fn indent(line: &str) -> usize {
    let blanks = line.chars().take_while(|character| matches!(character, ' ' | '\t'));
    blanks.fold(0, |indent, blank| if blank == '\t' { indent / 4 * 4 + 4 } else { indent + 1 })
}

/// The width of the bullet or number that opens a list item, with the space after it.
fn bullet(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marks: &[char] = if digits == 0 { &['-', '+', '*'] } else { &['.', ')'] };
    let rest = text[digits..].strip_prefix(marks)?;
    let spaces = rest.bytes().take_while(|byte| *byte == b' ').count();
    match spaces {
        _ if digits > 9 => None,
        1..=4 => Some(digits + 1 + spaces),
        // The item starts with code that is indented.
        5.. => Some(digits + 2),
        0 => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines in fences are drawn with a bar before them.
    #[track_caller]
    fn check(picture: &str) {
        let mut fences = Fences::default();
        let draw = |(number, line): (usize, &str)| {
            let line = line.get(2..).unwrap_or_default();
            let bar = if fences.hold(number, line) { "| " } else { "  " };
            format!("{bar}{line}")
        };
        let drawn: Vec<_> = picture.lines().enumerate().map(draw).collect();
        assert_eq!(drawn.join("\n"), picture);
    }

    #[test]
    fn fences_close_with_their_own_mark() {
        check("  a\n| ```sh\n| ~~~\n| ``` x\n| ```\n  b\n| ~~~ `x`\n| ~~\n| ~~~~\n  c");
        check("| ````\n| ```\n| ````\n  a\n| ```\n| \n| a");
    }

    #[test]
    fn code_within_a_line_is_no_fence() {
        check("  ```cargo``` is the tool.\n  a\n  ``\n  a");
    }

    #[test]
    fn three_spaces_are_a_fence_and_four_are_code() {
        check("|    ```\n|     ```\n|   ```\n  a\n      ```\n  a\n  \t```\n  b");
    }

    #[test]
    fn items_indent_their_fences() {
        check("  - a\n  \n|   ```\n|   b\n|   ```\n  c");
        check(
            "  10. a\n      - b\n|       ```\n|       b\n|       ```\n|     ```\n|     ```\n      c",
        );
        check("| - ```\n|   b\n|   ```\n| 1. - ~~~\n|      ~~~\n  c");
        check("  -  \n  - a\n          ```\n  2024. a\n  -a\n      ```\n  c");
    }

    #[test]
    fn a_fence_ends_with_its_item() {
        check("| - ```\n|   a\n  b\n| ```\n| a");
    }
}
