module burrow.example/gostring

go 1.27
