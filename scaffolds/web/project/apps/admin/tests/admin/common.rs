//! A site with two models, and clients of every kind.

use ::admin::{Admin, App, Model, Options, Order, Selection};
use accounts::models::{group, group_member, group_permission};
use accounts::{testing, users};
use axum::body::Body;
use axum::http::{Request, header};
use platform::templates::Templates;
use platform::testing::{Answer, Client, database, site};
use platform::{Error, Result};
use sea_orm::{ActiveModelTrait, DatabaseConnection, EntityTrait, IntoActiveModel, Set};

pub mod shelf {
    use garde::Validate;
    use sea_orm::entity::prelude::*;
    use sea_orm::{IntoActiveModel, Set};
    use serde::{Deserialize, Serialize};
    use utoipa::ToSchema;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
    #[sea_orm(table_name = "shelves")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        #[sea_orm(column_type = "String(StringLen::N(100))")]
        pub room: String,
    }

    impl ActiveModelBehavior for ActiveModel {}

    #[derive(Debug, Deserialize, Validate, ToSchema)]
    pub struct ShelfInput {
        #[garde(length(chars, min = 1, max = 20))]
        #[schema(max_length = 20)]
        pub code: String,
        #[garde(length(chars, min = 1, max = 100))]
        #[schema(max_length = 100)]
        pub room: String,
    }

    impl IntoActiveModel<ActiveModel> for ShelfInput {
        fn into_active_model(self) -> ActiveModel {
            ActiveModel {
                code: Set(self.code),
                room: Set(self.room),
            }
        }
    }
}

pub mod thing {
    use garde::Validate;
    use sea_orm::entity::prelude::*;
    use sea_orm::{IntoActiveModel, Set};
    use serde::{Deserialize, Serialize};
    use utoipa::ToSchema;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
    #[sea_orm(table_name = "things")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(100))", unique)]
        pub name: String,
        #[sea_orm(column_type = "String(StringLen::N(20))", unique)]
        pub mark: Option<String>,
        pub count: i32,
        pub loaned: bool,
        pub seen_at: Option<DateTimeUtc>,
        #[sea_orm(column_type = "Text")]
        pub note: String,
        #[sea_orm(column_type = "String(StringLen::N(200))")]
        pub site: Option<String>,
        pub shelf_code: Option<String>,
        #[serde(skip)]
        pub secret: Option<String>,
        #[sea_orm(belongs_to, from = "shelf_code", to = "code", on_delete = "Cascade")]
        pub shelf: BelongsTo<Option<super::shelf::Entity>>,
    }

    impl ActiveModelBehavior for ActiveModel {}

    #[derive(Debug, Deserialize, Validate, ToSchema)]
    pub struct ThingInput {
        #[garde(length(chars, min = 1, max = 100))]
        #[schema(max_length = 100)]
        pub name: String,
        #[garde(length(chars, min = 1, max = 20))]
        #[schema(max_length = 20)]
        pub mark: Option<String>,
        #[garde(range(min = 0, max = 99))]
        pub count: i32,
        #[garde(skip)]
        #[serde(default)]
        pub loaned: bool,
        #[garde(skip)]
        #[schema(value_type = Option<String>, format = DateTime)]
        pub seen_at: Option<DateTimeUtc>,
        #[garde(skip)]
        pub note: String,
        #[garde(skip)]
        #[schema(format = "uri")]
        pub site: Option<String>,
        #[garde(skip)]
        pub shelf_code: Option<String>,
    }

    impl IntoActiveModel<ActiveModel> for ThingInput {
        fn into_active_model(self) -> ActiveModel {
            ActiveModel {
                name: Set(self.name),
                mark: Set(self.mark),
                count: Set(self.count),
                loaned: Set(self.loaned),
                seen_at: Set(self.seen_at),
                note: Set(self.note),
                site: Set(self.site),
                shelf_code: Set(self.shelf_code),
                ..Default::default()
            }
        }
    }
}

pub mod slot {
    use garde::Validate;
    use sea_orm::entity::prelude::*;
    use sea_orm::{IntoActiveModel, Set};
    use serde::{Deserialize, Serialize};
    use utoipa::ToSchema;

    /// Where something stands: its key is both.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
    #[sea_orm(table_name = "slots")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub aisle: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: String,
        #[sea_orm(column_type = "Text")]
        pub note: String,
    }

    impl ActiveModelBehavior for ActiveModel {}

    #[derive(Debug, Deserialize, Validate, ToSchema)]
    pub struct SlotInput {
        #[garde(length(chars, min = 1, max = 100))]
        #[schema(max_length = 100)]
        pub aisle: String,
        #[garde(length(chars, min = 1, max = 100))]
        #[schema(max_length = 100)]
        pub place: String,
        #[garde(skip)]
        pub note: String,
    }

    impl IntoActiveModel<ActiveModel> for SlotInput {
        fn into_active_model(self) -> ActiveModel {
            ActiveModel {
                aisle: Set(self.aisle),
                place: Set(self.place),
                note: Set(self.note),
            }
        }
    }
}

use shelf::ShelfInput;
use slot::SlotInput;
use thing::{Column, ThingInput};

const THINGS: Options<Column> = Options {
    list: &[
        Column::Name,
        Column::ShelfCode,
        Column::Count,
        Column::Loaned,
        Column::Mark,
        Column::Site,
    ],
    search: &[Column::Name],
    exact: &[Column::Mark],
    filter: &[Column::Loaned, Column::SeenAt, Column::Mark],
    ordering: &[(Column::Name, Order::Asc)],
    actions: &[
        ::admin::Action::set("Lend", Column::Loaned, "true"),
        ::admin::Action::set("Break a rule", Column::Name, ""),
        ::admin::Action::run("Count one more", &count_one_more),
    ],
    editable: &[Column::Name, Column::Count, Column::Loaned],
    inline: &[Column::ShelfCode],
    ..Options::DEFAULT
};

const SLOTS: Options<slot::Column> = Options {
    list: &[slot::Column::Aisle, slot::Column::Place, slot::Column::Note],
    ..Options::DEFAULT
};

/// An action of one's own: what is lent cannot be counted, and of what there is too much is thrown away.
async fn count_one_more(things: &Selection) -> Result<()> {
    for thing in things.rows::<thing::Entity>().await? {
        if thing.loaned {
            return Err(Error::bad_request("one of them is lent"));
        }
        let count = thing.count + 1;
        let mut thing = thing.into_active_model();
        thing.count = Set(count);
        if count > 50 {
            thing.delete(&things.db).await?;
        } else {
            thing.update(&things.db).await?;
        }
    }
    Ok(())
}

#[derive(rust_embed::Embed)]
#[folder = "../../templates"]
struct Pages;

/// A client that nobody is logged in with.
pub async fn nobody() -> Client {
    nobody_on(database().await).await
}

/// The same, on an empty database.
pub async fn nobody_on(db: DatabaseConnection) -> Client {
    let schema = testing::tables(db.get_schema_builder())
        .register(::admin::models::log_entry::Entity)
        .register(shelf::Entity)
        .register(slot::Entity)
        .register(thing::Entity);
    schema.apply(&db).await.expect("the tables are made");
    let (site, _) = site(db.clone());
    let site = platform::Site {
        templates: Templates::default()
            .with::<Pages>()
            .with::<accounts::Templates>()
            .with::<::admin::Templates>(),
        ..site
    };
    let store = App::new("store")
        .model(Model::new::<shelf::Entity, ShelfInput>(
            "shelf",
            Options {
                plural: "shelves",
                label: Some(shelf::Column::Room),
                ..Options::DEFAULT
            },
        ))
        .model(Model::new::<thing::Entity, ThingInput>("thing", THINGS))
        .model(Model::new::<slot::Entity, SlotInput>("slot", SLOTS));
    let routes = accounts::urls::router().merge(::admin::urls::router(Admin::new().app(store)));
    let service = site
        .service(routes, |_| None)
        .expect("the site is put together");
    Client::new(service, db).with_header(header::ACCEPT, "text/html")
}

/// A client of a superuser.
pub async fn superuser() -> Client {
    let client = nobody().await;
    as_superuser(&client, "s@example.org").await
}

pub async fn as_superuser(client: &Client, email: &str) -> Client {
    let mut user: accounts::models::user::ActiveModel = users::new(email, None);
    user.is_staff = Set(true);
    user.is_superuser = Set(true);
    user.insert(&client.db).await.expect("the user is made");
    testing::sign_in(client, email).await
}

/// A client of staff with these permissions.
pub async fn staff(client: &Client, email: &str, permissions: &[&str]) -> Client {
    let staff = testing::sign_in_staff(client, email).await;
    let user = users::find(&client.db, email)
        .await
        .expect("the database answers");
    let user = user.expect("the user is there");
    let group = group::ActiveModel {
        name: Set(email.to_owned()),
        ..Default::default()
    };
    let group = group.insert(&client.db).await.expect("the group is made");
    let member = group_member::ActiveModel {
        user_id: Set(user.id),
        group_id: Set(group.id),
    };
    member
        .insert(&client.db)
        .await
        .expect("the user is a member");
    for permission in permissions {
        let permission = group_permission::ActiveModel {
            group_id: Set(group.id),
            permission: Set((*permission).to_owned()),
        };
        permission
            .insert(&client.db)
            .await
            .expect("the permission is given");
    }
    staff
}

pub const THING: &str = "/admin/store/thing";
pub const SHELF: &str = "/admin/store/shelf";
pub const SLOT: &str = "/admin/store/slot";

/// Adds a thing, and gives its id.
pub async fn add(client: &Client, name: &str, more: &[(&str, &str)]) -> i64 {
    let fields = [&[("name", name), ("count", "1"), ("note", "")], more].concat();
    let answer = client.submit(&format!("{THING}/add"), &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let things = thing::Entity::find()
        .all(&client.db)
        .await
        .expect("there are things");
    things
        .iter()
        .map(|thing| thing.id)
        .max()
        .expect("there is one")
}

/// A form with a file, as browsers send it.
pub async fn upload(client: &Client, path: &str, name: &str, content: &[u8]) -> Answer {
    let start = format!(
        "--boundary\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.csv\"\r\n\r\n"
    );
    let body = [start.as_bytes(), content, b"\r\n--boundary--\r\n"].concat();
    let request = Request::post(path)
        .header(
            header::CONTENT_TYPE,
            "multipart/form-data; boundary=boundary",
        )
        .body(Body::from(body));
    client.request(request.expect("it is well-formed")).await
}

/// The value of a hidden field of a page.
pub fn hidden(page: &Answer, name: &str) -> String {
    after(page, &format!("name=\"{name}\" value=\""))
}

/// What is in a field for text.
pub fn typed(page: &Answer, name: &str) -> String {
    after(page, &format!("name=\"{name}\" type=\"text\" value=\""))
}

/// The value that begins after `start`, as a person reads it.
fn after(page: &Answer, start: &str) -> String {
    let (_, rest) = page.body.split_once(start).expect("the field is there");
    let (value, _) = rest.split_once('"').expect("it ends");
    value
        .replace("&quot;", "\"")
        .replace("&#x2f;", "/")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

/// Any request without a body.
pub async fn ask(client: &Client, method: &str, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path);
    client
        .request(request.body(Body::empty()).expect("it is well-formed"))
        .await
}
