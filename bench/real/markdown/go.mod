module burrow.example/markdown

go 1.24.0

require github.com/yuin/goldmark v1.8.5
