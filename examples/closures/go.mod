module burrow.example/closures

go 1.27
