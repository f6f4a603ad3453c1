module burrow.example/fmt

go 1.27
