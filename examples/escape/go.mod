module burrow.example/escape

go 1.27
