types samples cpu
load 5 50 | main; load_all @ "store.load(*id)"; Store::load; std::thread::sleep
load 5 50 | main; fetch_all @ "store.fetch(*id).await"; Store::fetch
load 5 50 | main; packed @ "std::process::Command"; std::process::Command::status
