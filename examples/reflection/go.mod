module burrow.example/reflection

go 1.27
