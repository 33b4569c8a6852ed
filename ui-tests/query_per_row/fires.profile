types samples cpu
ask 50 500 | main; names @ "connection.query_row"; rusqlite::Connection::query_row; sqlite3_step
ask 50 500 | main; stored @ "connection.execute"; rusqlite::Connection::execute; sqlite3_step
