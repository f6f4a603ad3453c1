module burrow.example/print

go 1.27
