//! What the templates of a Django model are told.

use super::super::model::testing::{EVERY_TYPE, assert_refused, made};
use super::*;

#[test]
fn every_type_has_a_field() {
    let typed = [&EVERY_TYPE[..], &["tags:many(books.Tag)"]].concat();
    let models = ["books.Author", "books.Cover", "books.Tag"];
    let model = made(Model::new, &typed, &models).unwrap();
    let lines = model.fields.into_iter();
    let lines = lines.map(|column| format!("{} = {}", column.name, column.expression));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    title = models.CharField(max_length=200)
    isbn = models.CharField(max_length=20, unique=True)
    summary = models.TextField(null=True, blank=True)
    pages = models.IntegerField(db_index=True)
    size = models.BigIntegerField(default=1)
    rank = models.SmallIntegerField()
    weight = models.FloatField()
    ratio = models.FloatField()
    price = models.DecimalField(max_digits=10, decimal_places=2, default="9.90")
    sold = models.BooleanField(default=False)
    out = models.DateField()
    at = models.TimeField()
    made = models.DateTimeField(auto_now_add=True)
    read = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField()
    more = models.JSONField()
    mail = models.EmailField()
    site = models.URLField()
    slug = models.SlugField(unique=True)
    status = models.CharField(max_length=20, choices=Status, default="draft")
    author = models.ForeignKey(
            "books.Author",
            on_delete=models.CASCADE,
            related_name="%(class)s_author_set",
        )
    editor = models.ForeignKey(
            "books.Author",
            on_delete=models.SET_NULL,
            related_name="%(class)s_editor_set",
            null=True,
            blank=True,
        )
    cover = models.OneToOneField("books.Cover", on_delete=models.PROTECT)
    tags = models.ManyToManyField("books.Tag", blank=True)
    "#);
}

#[test]
fn ways_back_have_names_of_their_own_where_djangos_are_taken() {
    for (typed, models, expected) in [
        ("author:ref(books.Author)", &["books.Author name"][..], ""),
        (
            "author:ref(books.Author)",
            &["books.Author book"],
            "%(class)s_author_set",
        ),
        (
            "author:one(books.Author)",
            &["books.Author book_set"],
            "%(class)s_author_set",
        ),
        ("book:ref(books.Book)?", &[], "%(class)s_book_set"),
        (
            "author:ref(books.Author)",
            &["books.Author", "shop.Book"],
            "%(app_label)s_%(class)s_set",
        ),
    ] {
        let model = made(Model::new, &[typed], models).unwrap();
        let expression = &model.fields[0].expression;
        let name = expression.split("related_name=\"").nth(1);
        let name = name.and_then(|rest| rest.split('"').next());
        assert_eq!(name.unwrap_or_default(), expected, "{typed} {models:?}");
    }
    let twin = made(Model::new, &["title:text"], &["shop.Book"]).unwrap();
    assert_eq!(twin.component.as_deref(), Some("BooksBook"));
}

#[test]
fn parameters_of_lists_are_no_filters() {
    let typed = [
        "page:int",
        "search:slug",
        "format:enum(a,b)",
        "title:string(9)",
    ];
    let model = made(Model::new, &typed, &[]).unwrap();
    let filters = serde_json::to_value(&model).unwrap()["filters"].clone();
    assert_eq!(filters, r#"["format", "title"]"#);
}

#[test]
fn what_django_does_not_have_is_refused() {
    assert_refused(
        Model::new,
        &[
            ("save:int", "Django's models have a `save` of their own"),
            ("data:bytes", "a Django model keeps bytes in files"),
            ("models:int", "uses `models` for something else"),
            ("meta:enum(a,b)", "uses `meta` for something else"),
        ],
    );
}
