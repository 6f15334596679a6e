//! Why accounts and signing in are refused.

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
        Disabled => "this user is disabled: enable it first",
        PasswordWrong => "this is not your present password",
        NotRole { text: String } => "{text:?} is no role: give admin, operator or viewer",
        FirstNotAdmin => "the first user must be an administrator of all sites: give --role admin and no --site",
        LastAdmin => "nobody could manage users any more: make somebody else an administrator of all sites first",
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
    }
}
