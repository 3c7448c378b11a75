package xq_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
)

// Every name that a program can use has words of its own in go doc: constants and fields too, one by one.
func TestEveryExportedNameIsDocumented(t *testing.T) {
	files := token.NewFileSet()
	ours := func(file fs.FileInfo) bool { return !strings.HasSuffix(file.Name(), "_test.go") }
	packages, err := parser.ParseDir(files, ".", ours, parser.ParseComments)
	check(t, err)
	documented := func(node ast.Node, name string, comments ...*ast.CommentGroup) {
		for _, comment := range comments {
			if comment.Text() != "" {
				return
			}
		}
		if ast.IsExported(name) {
			t.Errorf("%s: %s has no comment", files.Position(node.Pos()), name)
		}
	}
	whole := doc.New(packages["xq"], "libxq.example/xq", doc.PreserveAST)
	if whole.Doc == "" || len(whole.Types) < 10 {
		t.Fatalf("the package has %d types, and says: %s", len(whole.Types), whole.Doc)
	}
	for _, file := range packages["xq"].Files {
		for _, declaration := range file.Decls {
			switch d := declaration.(type) {
			case *ast.FuncDecl:
				// A method counts where its type is one that programs can name.
				if d.Recv == nil || ast.IsExported(receiver(d)) {
					documented(d, d.Name.Name, d.Doc)
				}
			case *ast.GenDecl:
				// What is said of a group is not said of each in it.
				if d.Lparen.IsValid() {
					d.Doc = nil
				}
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.ValueSpec:
						for _, name := range s.Names {
							documented(name, name.Name, s.Doc, s.Comment, d.Doc)
						}
					case *ast.TypeSpec:
						documented(s, s.Name.Name, s.Doc, d.Doc)
						if body, ok := s.Type.(*ast.StructType); ok && s.Name.IsExported() {
							for _, field := range body.Fields.List {
								for _, name := range field.Names {
									documented(name, name.Name, field.Doc, field.Comment)
								}
							}
						}
					}
				}
			}
		}
	}
}

func receiver(method *ast.FuncDecl) string {
	kind := method.Recv.List[0].Type
	if pointer, ok := kind.(*ast.StarExpr); ok {
		kind = pointer.X
	}
	if generic, ok := kind.(*ast.IndexExpr); ok {
		kind = generic.X
	}
	return kind.(*ast.Ident).Name
}
