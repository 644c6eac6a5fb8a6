//! Web and e-mail addresses: one token each, without the punctuation around them.

use std::ops::Range;

/// The address in a stretch of text without white space, if it holds one.
pub(crate) fn find(chunk: &str) -> Option<Range<usize>> {
    let start = chunk.len() - chunk.trim_start_matches(['(', '[', '{', '<', '"', '\'', '“', '‘', '«']).len();
    let rest = &chunk[start..];
    // A closing mark that the address itself opens belongs to it: `https://…/Treaty_(1994)`.
    let [round, square, curly] = ['(', '[', '{'].map(|bracket| rest.contains(bracket));
    let mut end = rest.find(['<', '>', '"', '“', '”', '«', '»']).unwrap_or(rest.len());
    loop {
        let last = rest[..end].chars().next_back()?;
        let closes = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '*' | '…' => true,
            ')' => !round,
            ']' => !square,
            '}' => !curly,
            _ => false,
        };
        if !closes {
            break;
        }
        end -= last.len_utf8();
    }
    let address = &rest[..end];
    (is_url(address) || is_email(address)).then(|| start..start + end)
}

fn is_url(text: &str) -> bool {
    let after_scheme = text.split_once("://").filter(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
    });
    if let Some((_, rest)) = after_scheme {
        return rest.starts_with(char::is_alphanumeric);
    }
    let is_www = text.len() > 4 && text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    is_www || has_host_and_path(text)
}

/// `example.org/news/2024`: a host in small letters with a top-level domain, then a path.
fn has_host_and_path(text: &str) -> bool {
    let Some((host, _)) = text.split_once('/') else { return false };
    let Some((name, top)) = host.rsplit_once('.') else { return false };
    let label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (2..=6).contains(&top.len())
        && top.bytes().all(|byte| byte.is_ascii_lowercase())
        && name.len() > 1
        && name.bytes().all(label)
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    let in_user = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte);
    let in_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    !user.is_empty()
        && user.bytes().all(in_user)
        && host.bytes().all(in_host)
        && host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
}
