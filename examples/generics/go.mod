module burrow.example/generics

go 1.27
