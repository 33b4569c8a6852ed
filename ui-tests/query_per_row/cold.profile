types samples cpu
ask 1 1 | main; sum @ "connection.query_row"; rusqlite::Connection::query_row
ask 999 999 | main; sum @ "for id"
