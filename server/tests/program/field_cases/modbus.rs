//! A Modbus TCP device that gives the words of a case.

use std::collections::BTreeMap;
use std::sync::Arc;

use field_cases::Refuses;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// Words from each address, of the holding and of the input registers.
type Tables = [BTreeMap<u16, Vec<u16>>; 2];

/// Serves on a free port until it is stopped.
pub(super) async fn serve(
    tables: Tables,
    refuses: Option<Refuses>,
    stop: CancellationToken,
) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tables = Arc::new(tables);
    tokio::spawn(stop.run_until_cancelled_owned(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tables = Arc::clone(&tables);
            tokio::spawn(async move { answer(stream, &tables, refuses).await });
        }
    }));
    port
}

async fn answer(
    mut stream: TcpStream,
    tables: &Tables,
    refuses: Option<Refuses>,
) -> std::io::Result<()> {
    loop {
        let mut frame = [0; 12];
        stream.read_exact(&mut frame).await?;
        let [start, count] = [8, 10].map(|at| u16::from_be_bytes([frame[at], frame[at + 1]]));
        let function = frame[7];
        let refused = refuses.filter(|refuses| count > refuses.longer_than);
        let said = if let Some(refused) = refused {
            vec![function | 0x80, refused.exception]
        } else {
            let table = &tables[usize::from(function == 4)];
            let word = |address: u16| {
                let of = table.range(..=address).next_back();
                of.and_then(|(from, words)| words.get(usize::from(address - from))).copied()
            };
            let words = (start..start + count).map(|address| word(address).unwrap_or_default());
            let bytes: Vec<u8> = words.flat_map(u16::to_be_bytes).collect();
            [vec![function, u8::try_from(bytes.len()).unwrap()], bytes].concat()
        };
        let length = u16::try_from(said.len() + 1).unwrap().to_be_bytes();
        let head = [frame[0], frame[1], 0, 0, length[0], length[1], frame[6]];
        stream.write_all(&[&head[..], &said].concat()).await?;
    }
}
