//! `/api/profiles`.

use service::devices::profiles::{self, ProfileView};

use crate::answer::{Data, Item, List};
use crate::api::sites::ListQuery;
use crate::error::ApiError;
use crate::extract::{Id, Query, Who};

impl Item for ProfileView {
    const COLUMNS: &'static str = "id,maker,model,protocol,source,convention,registers";

    fn key(&self) -> String {
        self.id.to_owned()
    }
}

pub(crate) async fn list(
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<ProfileView>, ApiError> {
    List::of(profiles::list(&who)?, &query.page())
}

pub(crate) async fn get(Who(who): Who, Id(id): Id) -> Result<Data<ProfileView>, ApiError> {
    Ok(Data(profiles::get(&who, &id)?))
}
