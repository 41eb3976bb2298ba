use std::collections::HashMap;

use super::route::{Route, Segment, decode};

/// The routes that callers reach, as a tree of their segments that is made once: to find one costs the same however many there are.
pub(super) struct Routes {
    /// Each with the place of its function.
    list: Vec<(Route, usize)>,
    root: Node,
}

/// What can follow behind some segments. The routes are places in the list.
#[derive(Default)]
struct Node {
    /// Those that end here.
    ends: Vec<usize>,
    literals: HashMap<String, Node>,
    parameter: Option<Box<Node>>,
    /// Those that take all that follows.
    rests: Vec<usize>,
}

impl Routes {
    pub(super) fn new(list: Vec<(Route, usize)>) -> Self {
        let mut root = Node::default();
        for (place, (route, _)) in list.iter().enumerate() {
            root.add(route.segments(), place);
        }
        Self { list, root }
    }

    /// What `take` makes of the first route that matches a path and that it wants, with its function's place and its parameters.
    ///
    /// Of two, the host takes the one with more literals in front; of two alike, the one that was declared first.
    pub(super) fn find<T>(&self, path: &str, mut take: impl FnMut(usize, Vec<(String, String)>) -> Option<T>) -> Option<T> {
        self.root.find(segments(path), &mut |place| {
            let (route, function) = self.list.get(place)?;
            take(*function, route.params(path)?)
        })
    }
}

/// The segments of a path that are left, if any.
fn segments(path: &str) -> Option<&str> {
    Some(path.trim_matches('/')).filter(|path| !path.is_empty())
}

impl Node {
    fn add(&mut self, segments: &[Segment], place: usize) {
        match segments {
            [] => self.ends.push(place),
            [Segment::Literal(literal), rest @ ..] => self.literals.entry(literal.clone()).or_default().add(rest, place),
            [Segment::Parameter { .. }, rest @ ..] => self.parameter.get_or_insert_default().add(rest, place),
            [Segment::Rest { .. }, ..] => self.rests.push(place),
        }
    }

    /// Gives `take` the routes that may match, the most particular first: whether a parameter may be missing is the route's to say.
    fn find<T>(&self, path: Option<&str>, take: &mut impl FnMut(usize) -> Option<T>) -> Option<T> {
        let found = match path {
            None => {
                let end = self.ends.iter().find_map(|place| take(*place));
                end.or_else(|| self.parameter.as_ref()?.find(None, take))
            }
            Some(path) => {
                let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
                let literal = self.literals.get(&decode(first).to_lowercase());
                let literal = literal.and_then(|node| node.find(rest, take));
                literal.or_else(|| self.parameter.as_ref()?.find(rest, take))
            }
        };
        found.or_else(|| self.rests.iter().find_map(|place| take(*place)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn routes(routes: &[String]) -> Routes {
        Routes::new(routes.iter().enumerate().map(|(place, route)| (Route::read(route).unwrap(), place)).collect())
    }

    /// All that match, in their order, and how many were looked at.
    fn found(routes: &Routes, path: &str) -> (Vec<usize>, usize) {
        let (mut list, mut count) = (Vec::new(), 0);
        routes.root.find(segments(path), &mut |place| {
            let (route, function) = routes.list.get(place)?;
            count += 1;
            list.extend(route.params(path).map(|_| *function));
            None::<()>
        });
        (list, count)
    }

    #[test]
    fn of_many_routes_a_few_are_looked_at() {
        let mut list: Vec<_> = (0..1_000).map(|n| format!("v1/things-{n}/{{id?}}")).collect();
        list.push("v1/{kind}/{id}".to_owned());
        list.push("{*all}".to_owned());
        let routes = routes(&list);
        assert_eq!(found(&routes, "/v1/Things-7/x"), (vec![7, 1_000, 1_001], 3));
        assert_eq!(found(&routes, "/v1/things-7"), (vec![7, 1_001], 3));
        assert_eq!(found(&routes, "/v2"), (vec![1_001], 1));
        assert_eq!(
            routes.find("/v1/things-7/x", |place, params| Some((place, params))),
            Some((7, vec![("id".into(), "x".into())]))
        );
    }

    proptest! {
        #[test]
        fn those_that_match_are_found_the_most_particular_first(
            list in prop::collection::vec("((a|B|é|\\{p\\}|\\{p\\?\\}|\\{p=1\\})/){0,3}(\\{\\*r\\})?", 0..8),
            path in "/{0,2}((a|A|b|x|%C3%A9|)/{1,2}){0,4}",
        ) {
            let routes = routes(&list);
            let mut sorted: Vec<_> = routes.list.iter().collect();
            sorted.sort_by_key(|(route, _)| route.rank());
            let want: Vec<_> = sorted.iter().filter(|(route, _)| route.params(&path).is_some()).map(|(_, place)| *place).collect();
            prop_assert_eq!(found(&routes, &path).0, want);
        }
    }
}
