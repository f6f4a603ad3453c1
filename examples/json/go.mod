module burrow.example/json

go 1.27
