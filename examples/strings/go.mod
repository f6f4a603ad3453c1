module burrow.example/strings

go 1.27
