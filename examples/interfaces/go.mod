module burrow.example/interfaces

go 1.27
