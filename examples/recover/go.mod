module burrow.example/recover

go 1.27
