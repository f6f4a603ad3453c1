module burrow.example/tour

go 1.27
