module burrow.example/channels

go 1.27
