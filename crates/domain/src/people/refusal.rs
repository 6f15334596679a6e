//! Why accounts and signing in are refused.

use super::role::Action;
use crate::message::messages;

messages! {
    /// Why an account is refused.
    pub enum AccountRefusal in "account" {
        Name { least: usize, most: usize } =>
            "a user name has {least} to {most} characters: letters from a to z, digits and . - _ @ +",
        NameTaken => "there is a user with this name already: choose another",
        DisplayName { most: usize } => "a name has 1 to {most} characters and no line breaks",
        PasswordLength { least: usize, most: usize } => "give a password of {least} to {most} characters",
        PasswordCommon => "this password is easy to guess: take several words that do not belong together",
        Email => "give an address for mail, such as asha@example.org, or none",
        Disabled => "this user is disabled: enable it first, at /settings/people",
        PasswordWrong => "this is not your present password",
        NotRole { text: String } =>
            "{text:?} is no role: give admin, operator, viewer, utility or prosumer",
        MeterTwice { meter: String } => "meter {meter} is named twice: name each meter once, with its days",
        MeterDays => "a meter is somebody's from one day to a later one: give a later end",
        TokenName { most: usize } => "give the token a name of 1 to {most} characters, such as that of the program",
        TokenActions => "say what the token may do: give a role or a list of actions",
        NotAction { text: String } => "{text:?} is no action: GET /api/me lists those that you have",
        NotOfTokens => "a token manages no users, roles or tokens: leave manage_people out",
        NotYours { action: Action } => "a token may do no more than you, and you may not {action} there",
        TokenEnds { days: i64 } => "say when the token ends: within {days} days from now",
        NoMeter => "no meter is yours yet: ask an administrator to give you yours",
        UnknownToken { token: String } => "there is no token {token}",
        FirstNotAdmin => "the first user must be an administrator of all sites: give the role admin (--role admin) and no site",
        LastAdmin => "nobody who can sign in could manage users any more: make somebody else an administrator of all sites first, \
             who has set a password",
        Unknown { user: String } => "there is no user {user}",
    }

    /// Why somebody is not signed in.
    pub enum SignInRefusal in "sign_in" {
        Failed => "the name or the password is wrong",
        Wait { seconds: u64 } => "too many tries: wait {seconds} s, then try again",
        Crowded => "too many people sign in at this moment: try again in a few seconds",
        NoUsers =>
            "there is no user yet, so nobody can sign in: create the first with `wattlens create-user`",
        LinkEnded => "this link does not work any more: ask for a new one",
        Ended => "this session has ended: sign in again",
        Token => "this token is not known or has ended: make a new one",
    }
}
