"""A small catalogue of songs, all of them invented, and the numbers that describe them."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

FEATURES = ("always 1", "tempo", "energy", "acoustic", "vocals", "melancholy")


@dataclass(frozen=True)
class Song:
    """A title, and what somebody with good ears wrote down about it: five numbers from -1 (not at all) to 1 (very)."""

    title: str
    tempo: float
    energy: float
    acoustic: float
    vocals: float
    melancholy: float


# title                                 tempo energy acoustic vocals melancholy
_CATALOGUE = """
Forty Flights of Stairs                   0.9    1.0    -0.9    -0.2    -0.7
Treadmill to the Moon                     1.0    0.8    -1.0    -0.6    -0.5
Last Kilometre, No Excuses                0.8    1.0    -0.7     0.7    -0.4
Kettlebell Carnival                       0.4    0.9    -0.8     0.5    -0.9
Sprint Past the Bakery                    1.0    0.7    -0.5     0.3    -0.8
Heartbeat at One Eighty                   1.0    1.0    -1.0    -0.8    -0.2
Shoelaces on Fire                         0.6    0.9    -0.6     0.9    -0.6
Neon Rowing Club                          0.1    0.7    -0.9     0.1    -0.6
The Stairwell Shouts Back                -0.1    1.0    -0.4     1.0    -0.1
Sweat, Chalk, Repeat                      0.7    0.9    -0.9    -0.5    -0.3
Nine Lives of a Bass Drum                 0.8    0.8    -0.7    -0.9    -0.4
Victory Lap for Beginners                 0.6    0.8    -0.3     0.8    -1.0
Tin Robot Parade                         -0.2    0.6    -1.0    -0.7    -0.7
Garage Door Anthem                        0.2    0.9    -0.2     0.9     0.0
Lightning in a Lunchbox                   0.8    0.7    -0.6     0.6    -0.5
Uphill Both Ways                         -0.5    0.8    -0.5     0.4     0.1
Fiddler Late for the Train                1.0    0.6     0.9    -0.8    -0.8
Barn Dance on Mars                        0.9    0.7     0.6     0.2    -0.9
Clap If You Own a Tractor                 0.7    0.7     0.7     0.9    -0.9
Seven Brass Bands, One Street             0.1    1.0     0.8    -0.9    -0.9
Sunday Market Samba                       0.6    0.4     0.7     0.4    -0.8
Pancakes for Everybody                    0.4    0.3     0.5     0.8    -1.0
Lemonade Stand Economics                  0.5   -0.1     0.3     0.7    -0.7
Postcards from My Bicycle                 0.8   -0.2     0.6     0.6    -0.6
Kitchen Radio, Windows Open               0.2    0.2     0.1     0.8    -0.5
Two Sugars, No Hurry                     -0.2   -0.4     0.6     0.3    -0.5
Library at Eight in the Morning           0.1   -0.6     0.5    -0.9    -0.1
Footnotes for Piano                      -0.4   -0.7     0.9    -1.0     0.1
Chapter Eleven, Slowly                   -0.6   -0.6     0.7    -0.9     0.2
The Patience of Graph Paper               0.6   -0.5     0.3    -1.0    -0.2
Sharpened Pencils in a Row               -0.2   -0.4     0.8    -0.9    -0.4
Desk Lamp Nocturne                       -0.7   -0.8     0.8    -0.9     0.3
Margin Notes in Green Ink                 0.5   -0.4     0.6    -0.8    -0.3
Loading, Please Breathe                  -0.5   -0.7    -0.7    -1.0    -0.1
Slow Modem Meditation                    -0.8   -0.8    -0.9    -0.9     0.0
Satellite Gardening                       0.3   -0.6    -0.8    -0.8    -0.2
Glass Elevator, Third Floor              -0.1   -0.3    -0.6    -0.9    -0.3
A Theorem and a Cup of Tea                0.4   -0.5     0.7    -0.7    -0.2
Prelude for a Sleeping Printer           -0.6   -0.9     0.4    -1.0     0.0
Counting Ceiling Tiles                   -0.5   -0.7     0.2    -0.8     0.2
Marimba in the Reading Room               0.8   -0.3     0.9    -0.9    -0.4
Quiet Car, Window Seat                   -0.2   -0.5    -0.2    -0.8     0.1
Two Cellos and a Deadline                 0.2   -0.1     0.9    -1.0     0.3
Index Cards (Instrumental)                0.5   -0.5    -0.1    -1.0    -0.1
Moss on the Server Room                  -0.7   -0.6    -0.6    -0.9     0.2
Fern Arithmetic                           0.3   -0.6     0.4    -0.6    -0.3
You Left Your Umbrella Here              -0.6   -0.4     0.6     0.9     0.9
Rain Takes the Night Bus                 -0.7   -0.5     0.2     0.7     0.9
Voicemail from November                  -0.8   -0.6     0.5     0.8     1.0
The Other Half of the Wardrobe           -0.6   -0.3     0.4     1.0     0.9
Cold Coffee, Two Cups                    -0.5   -0.5     0.7     0.8     0.8
A Lighthouse with Nobody In              -0.9   -0.6     0.8     0.5     1.0
Grandmother's Key                        -0.1   -0.7     1.0     0.7     0.8
I Still Set the Table for Two            -0.8   -0.4     0.7     1.0     0.9
Platform Four, Ten Years Later           -0.4   -0.2     0.1     0.9     0.8
Ghost of a Good Haircut                  -0.3   -0.1     0.2     0.9     0.6
Photograph with the Corner Gone           0.1   -0.6     0.8     0.6     0.9
Goodbye, Said the Dial Tone               0.4   -0.4    -0.6     0.8     0.9
Winter Coat in July                       0.2   -0.4    -0.3     0.7     0.7
Mascara and Motorway Lights              -0.3    0.4    -0.8     0.9     0.8
Dancing Alone at the After-Party          0.5    0.5    -0.9     0.8     0.7
Scream into the Car Wash                 -0.4    0.9    -0.6     1.0     0.7
The Sea Doesn't Write Back               -0.8   -0.7     0.6    -0.3     0.9
Elegy for a Houseplant                   -0.6   -0.6     0.9     0.4     0.6
Snow on the Answering Machine            -0.9   -0.8    -0.5    -0.4     0.8
Viola at the Empty Pool                  -0.8   -0.7     1.0    -0.9     1.0
Slow Train, Grey Fields                  -0.6   -0.5     0.3    -0.7     0.8
Hymn for the Lost and Found              -0.8    0.5     0.9     1.0     0.5
Lullaby for a Washing Machine            -0.8   -0.9     0.6     0.5    -0.1
Moths Around the Porch Light              0.2   -0.6     0.8     0.2     0.2
Storm Warning, Minor Key                 -0.5    0.8    -0.3    -0.6     0.6
Chase Scene Without a Car                 0.9    0.8     0.2    -1.0     0.3
"""


def load_songs() -> tuple[Song, ...]:
    """The whole catalogue, 72 songs."""
    rows = (line.rsplit(maxsplit=5) for line in _CATALOGUE.strip().splitlines())
    return tuple(Song(title, *map(float, numbers)) for title, *numbers in rows)


def feature_matrix(songs: Sequence[Song]) -> np.ndarray:
    """A row of numbers for each song, (n, 6), with the columns that FEATURES names: ones first, then the five."""
    return np.array([(1.0, *astuple(song)[1:]) for song in songs])
