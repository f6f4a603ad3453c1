module burrow.example/bigarrays

go 1.27
