//! Invented names. Any likeness is by chance.

use clinic::Gender::{self, Female, Male};
use deskbell_clinic as clinic;

/// First names of the therapists, each once: they are sign-in names too.
pub(super) const THERAPISTS: [(&str, Gender); 30] = [
    ("Ana", Female),
    ("Ben", Male),
    ("Carla", Female),
    ("Diego", Male),
    ("Elena", Female),
    ("Farah", Female),
    ("Gavin", Male),
    ("Hana", Female),
    ("Ivo", Male),
    ("Jasmin", Female),
    ("Kofi", Male),
    ("Lourdes", Female),
    ("Mateo", Male),
    ("Nadia", Female),
    ("Oscar", Male),
    ("Priya", Female),
    ("Quirino", Male),
    ("Rosario", Female),
    ("Samir", Male),
    ("Tala", Female),
    ("Ursula", Female),
    ("Viktor", Male),
    ("Wilma", Female),
    ("Ximena", Female),
    ("Yusuf", Male),
    ("Zenaida", Female),
    ("Amihan", Female),
    ("Bayani", Male),
    ("Corazon", Female),
    ("Dalisay", Female),
];

/// First names of clients.
pub(super) const FIRST: [&str; 24] = [
    "Agnes", "Alon", "Beatriz", "Cedric", "Chona", "Danilo", "Divina", "Edgar", "Fe", "Gloria", "Hugo", "Imelda",
    "Jonas", "Kiko", "Leni", "Luz", "Marco", "Nena", "Oliver", "Paz", "Ramon", "Sofia", "Tomas", "Vera",
];

/// Family names of clients. With 24 and 25 no two clients of 120 share both.
pub(super) const FAMILY: [&str; 25] = [
    "Abad",
    "Alvarez",
    "Bautista",
    "Castillo",
    "Dizon",
    "Espino",
    "Fabros",
    "Galang",
    "Hilario",
    "Ignacio",
    "Jacinto",
    "Kalaw",
    "Lacson",
    "Magsino",
    "Navarro",
    "Ocampo",
    "Pascual",
    "Quinto",
    "Rivera",
    "Salonga",
    "Tolentino",
    "Umali",
    "Velasco",
    "Ybarra",
    "Zamora",
];

/// Streets for home visits.
pub(super) const STREETS: [&str; 8] = [
    "Acacia Street",
    "Bougainvillea Road",
    "Camia Lane",
    "Dama de Noche Street",
    "Everlasting Street",
    "Fern Close",
    "Gumamela Street",
    "Ilang-Ilang Avenue",
];

/// What everyone must know before touching a client.
pub(super) const ALERTS: [&str; 6] = [
    "Pregnant, second trimester",
    "Allergic to eucalyptus oil",
    "Pacemaker: no hot stones",
    "Slipped disc L4/L5: no deep pressure",
    "Bruises easily (blood thinner)",
    "Faints when getting up quickly",
];

/// What the desk wants to remember.
pub(super) const NOTES: [&str; 6] = [
    "Comes by bus, often 5 minutes late",
    "Prefers text messages to calls",
    "Likes the quiet room at the back",
    "Pays by voucher",
    "Asks for ginger tea afterwards",
    "Hard of hearing on the left side",
];
