//! The pages of the demonstration plant.

mod sums;
mod texts;

use sqlx::PgPool;

use super::{Program, html};

#[sqlx::test(migrations = false)]
async fn every_page_says_what_it_is_for_in_both_languages(pool: PgPool) {
    let program = Program::start(&pool, &["--demo"]).await;
    founded(&program).await;
    let mut wrong = Vec::new();
    for &(path, english, german) in texts::HEADLINES {
        for (answer, headline) in
            [(program.get(path).await, english), (program.in_german(path).await, german)]
        {
            let said = html::element(&answer.text, "h1").unwrap_or_default();
            if answer.status != 200 || !said.contains(headline) {
                wrong.push(format!("{path}: {} “{said}” is not “{headline}”", answer.status));
            }
        }
    }
    for &(path, said) in texts::SAYS {
        says(&mut wrong, path, &program.get(path).await.text, said);
    }
    for &(path, said) in texts::SAYS_IN_GERMAN {
        says(&mut wrong, path, &program.in_german(path).await.text, said);
    }
    for &(path, headline) in texts::NOT_FOUND {
        let answer = program.get(path).await;
        let main = answer.text.split("<main").nth(1).unwrap_or_default();
        let said = html::element(main, "h1").unwrap_or_default();
        let main = main.split("</main>").next().unwrap_or_default();
        if answer.status != 404 || !said.contains(headline) || !main.contains("<a ") {
            wrong.push(format!("{path}: {} “{said}” is not “{headline}”", answer.status));
        }
    }
    for &(path, part, count) in texts::COUNTS {
        let found = program.get(path).await.text.matches(part).count();
        if found != count {
            wrong.push(format!("{path}: {found} times {part}, not {count}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    sums::add_up(&program).await;
    odd_requests(&program).await;
}

fn says(wrong: &mut Vec<String>, path: &str, page: &str, said: &str) {
    if !html::words(page).contains(said) {
        wrong.push(format!("{path} does not say “{said}”"));
    }
}

/// Waits until the transformers of the neighbourhood are there.
async fn founded(program: &Program) {
    program.shown("/grid?lat=37.7586&lon=-122.4148&consumption=1", "Feasible at").await;
}

/// Addresses that no person writes.
async fn odd_requests(program: &Program) {
    let long = program.get(&format!("/find?q={}", "x".repeat(5_000))).await;
    assert_eq!(long.status, 200);
    assert!(html::words(&long.text).contains("No name has 5000 letters"));
    let series = |count: usize| {
        let one = |i| format!("{}.{}", i % 92 + 1, if i % 2 == 0 { "energy" } else { "power" });
        format!("/history?series={}", (0..count).map(one).collect::<Vec<_>>().join("_"))
    };
    let all = program.get(&series(10_000)).await;
    assert!([200, 414, 431].contains(&all.status), "{}", all.status);
    let some = program.get(&series(400)).await;
    assert!(html::words(&some.text).contains("at most"), "400 series are cut short");
}
