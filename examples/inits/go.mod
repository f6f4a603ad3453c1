module burrow.example/inits

go 1.27
