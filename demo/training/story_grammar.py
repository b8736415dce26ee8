"""The grammar of the little stories that the story model is trained on: a hero, a friend, a place and one of eight plots, told with
varying words. A story keeps its facts: names, pronouns, colours and things stay the same to the end."""

HEROES = (
    ("Mia", "girl", "she"), ("Lily", "girl", "she"), ("Anna", "girl", "she"), ("Rosa", "girl", "she"), ("Nora", "girl", "she"),
    ("Ella", "girl", "she"), ("Tom", "boy", "he"), ("Ben", "boy", "he"), ("Max", "boy", "he"), ("Leo", "boy", "he"),
    ("Sam", "boy", "he"), ("Finn", "boy", "he"), ("Pip", "mouse", "he"), ("Bruno", "bear", "he"), ("Hazel", "rabbit", "she"),
    ("Otto", "fox", "he"), ("Daisy", "duck", "she"), ("Gus", "hedgehog", "he"), ("Olive", "owl", "she"), ("Tilda", "squirrel", "she"),
)
TRAITS = "little curious brave shy clever cheerful kind quiet merry young".split()
PLACES = ("in a small village", "near a deep forest", "by the sea", "at the foot of a mountain", "in a house with a red door",
          "on a green hill", "beside a slow river", "in an old mill", "at the edge of a town", "on a tiny island")
COLOURS = "red blue green yellow white golden silver purple".split()
THINGS = "kite ball boat lantern drum hat umbrella scarf basket bell key whistle".split()
WEATHER = ("The sun was shining", "A soft wind was blowing", "It was raining a little", "The sky was clear and blue",
           "Snow was falling quietly", "The air smelled of flowers", "Clouds were sailing over the hills")
FOODS = "apples pancakes cherries cookies berries honey bread pears soup nuts".split()
HIDING = ("under a bush", "behind the old well", "in the tall grass", "on top of a tree", "beneath the bridge", "inside a hollow log",
          "next to a big stone", "between the flower pots")
MARVELS = ("a sleeping dragon no bigger than a cat", "a door in the trunk of an oak", "a map drawn with silver ink",
           "a bottle with a letter inside", "an egg that shone like the moon", "a star that had fallen from the sky",
           "a stone that hummed a song", "a boat made of one huge leaf")
BUILT = ("a tree house", "a raft", "a snow castle", "a bridge of branches", "a kite as big as a door", "a garden full of beans",
         "a tiny theatre", "a house for the birds")
FEARS = (("the dark", "The night is only the day with its eyes closed"), ("thunder", "Thunder is only the clouds playing the drum"),
         ("deep water", "Water carries those who trust it"), ("the big dog", "A loud bark often hides a soft heart"),
         ("the old house", "An empty house is only waiting for a visitor"), ("high places", "Look at the sky and not at your feet"))
GOALS = ("see the sea", "find the end of the rainbow", "meet the oldest tree in the forest", "hear the frogs sing at midnight",
         "visit the moon", "learn how to whistle", "see the first snow", "find out where the river begins")
OPENINGS = ("Once upon a time", "Long ago", "One day", "Many years ago", "Not so long ago")
LESSONS = {
    "lost": ("what is lost can be found with a friend", "it is good to ask for help", "two pairs of eyes see more than one"),
    "marvel": ("the world is full of small wonders", "it pays to look closely", "some secrets are best when they are shared"),
    "build": ("many hands make light work", "good things take time", "a plan is only the beginning"),
    "fear": ("being brave means going on although you are afraid", "most fears grow small when you look at them"),
    "share": ("sharing makes everything taste better", "a gift makes two hearts glad", "there is always enough for a friend"),
    "goal": ("the way is as good as the end", "every long road begins with one step", "dreams like to be followed"),
    "help": ("nobody is too small to help", "kindness comes back", "a friend in need is a friend for life"),
    "quarrel": ("a kind word mends more than glue", "it is hard to say sorry but harder not to", "friends are worth more than toys"),
}


def cap(text):
    return text[0].upper() + text[1:]


def a(noun):
    return ("an " if noun[0] in "aeiou" else "a ") + noun


class Teller:
    """One story's facts and its choices."""

    def __init__(self, rng):
        self.rng = rng
        (self.name, self.kind, self.he), (self.friend, self.friend_kind, self.friend_he) = rng.sample(HEROES, 2)
        self.him, self.his = ("him", "his") if self.he == "he" else ("her", "her")
        self.friend_him, self.friend_his = ("him", "his") if self.friend_he == "he" else ("her", "her")
        self.friend_called = (f"a {self.friend_kind} named {self.friend}" if self.friend_kind in ("girl", "boy")
                              else f"{self.friend} the {self.friend_kind}")
        self.trait = rng.choice(TRAITS)
        self.place = rng.choice(PLACES)
        self.thing = rng.choice(COLOURS) + " " + rng.choice(THINGS)
        self.noun = self.thing.split()[1]
        self.food = rng.choice(FOODS)

    def one(self, *options):
        return self.rng.choice(options)

    def opening(self):
        start = self.rng.choice(OPENINGS)
        who = f"{a(self.trait)} {self.kind} named {self.name}"
        if start == "One day":
            return f"One day, {who} woke up early {self.place}."
        return self.one(f"{start}, there was {who} who lived {self.place}.", f"{start}, {who} lived {self.place}.",
                        f"{start}, {self.place}, there lived {who}.")

    def meets(self):
        return self.one(f"On the way {self.he} met {self.friend_called}.", f"Then {self.friend_called} came along.",
                        f"Just then {self.friend_called} walked by.", f"Soon {self.he} saw {self.friend_called}, who was resting {self.rng.choice(HIDING)}.")

    def weather(self):
        return self.rng.choice(WEATHER) + self.one(".", f", and {self.name} felt happy.", f" when {self.name} went outside.")

    def ending(self, plot):
        lesson = self.rng.choice(LESSONS[plot])
        return self.one(
            f"From that day on, {self.name} knew that {lesson}.",
            f"That evening {self.name} thought that {lesson}.",
            f"And so {self.name} and {self.friend} learned that {lesson}.",
            f'"Now I know," said {self.name}, "that {lesson}."')

    def lost(self):
        where = self.rng.choice(HIDING)
        return [
            self.one(f"{self.name} had {a(self.thing)} and took it everywhere.", f"{cap(self.his)} dearest treasure was {a(self.thing)}.",
                     f"{cap(self.his)} grandmother had given {self.him} {a(self.thing)}."),
            self.one(f"One morning the {self.noun} was gone.", f"But one day {self.he} could not find the {self.noun}.",
                     f"Then a strong wind carried the {self.noun} away."),
            self.one(f"{self.name} looked everywhere and began to cry.", f"{self.name} was very sad.",
                     f'"Where is my {self.noun}?" cried {self.name}.'),
            self.meets(),
            self.one(f'"Do not worry," said {self.friend}. "We will look for it together."',
                     f'"I will help you," said {self.friend}.', f'"Let us search together," said {self.friend} with a smile.'),
            self.one(f"They searched the whole day.", f"They looked near and far.", f"They asked every bird and every beetle."),
            self.one(f"At last {self.friend} found the {self.thing} {where}.", f"In the end the {self.thing} lay {where}.",
                     f'"Look!" said {self.friend}. The {self.thing} was {where}.'),
            self.one(f"{self.name} laughed and hugged {self.friend_him}.", f"{self.name} danced with joy.",
                     f"{self.name} thanked {self.friend_him} with a basket of {self.food}."),
        ]

    def marvel(self):
        marvel, where = self.rng.choice(MARVELS), self.rng.choice(HIDING)
        return [
            self.weather(),
            self.one(f"{cap(self.he)} was looking for {self.food} when something glittered {where}.",
                     f"While {self.he} was playing with {self.his} {self.noun}, {self.he} heard a sound {where}."),
            self.one(f"It was {marvel}!", f"There {self.he} found {marvel}.", f"{cap(self.he)} could not believe it: it was {marvel}."),
            self.one(f"{self.name} ran to call {self.friend_called}.",
                     f"{self.name} showed it to {self.friend_called}."),
            self.one(f'"Is it magic?" whispered {self.friend}.', f'"I have never seen such a thing," said {self.friend}.',
                     f"{self.friend} opened {self.friend_his} eyes wide."),
            self.one("They sat beside it until the stars came out.", "They promised to keep it secret.",
                     "They watched it for a long, long time."),
            self.one("When they came back the next morning, it had gone, but the grass was still warm.",
                     f"It gave them one wish, and they wished for {self.food} for everyone.",
                     f"Every evening they came back with {self.food} to visit it."),
        ]

    def build(self):
        built = self.rng.choice(BUILT)
        return [
            self.one(f"{self.name} wanted to build {built}.", f"More than anything, {self.name} wished to make {built}.",
                     f'"I will build {built}," said {self.name} one morning.'),
            self.one(f"{cap(self.he)} worked alone the whole day, but it fell down.", f"But it was too heavy for one {self.kind}.",
                     f"{cap(self.he)} tried once, and {self.he} tried twice, but it did not work."),
            self.meets(),
            self.one(f'"May I help you?" asked {self.friend}.', f'"Two can do it," said {self.friend}.',
                     f'"I know how," said {self.friend} and picked up a hammer.'),
            self.one(f"{self.friend} held the wood and {self.name} tied the knots.",
                     f"{self.name} carried the stones and {self.friend} put them in place.",
                     "They measured and cut and sang while they worked."),
            self.one("After three days it was ready.", "When the sun went down, it was done.", "A week later it stood there, a little crooked."),
            self.one(f"They painted it {self.thing.split()[0]} and ate {self.food} to celebrate.",
                     f"Everyone came to see it, and there were {self.food} for all." if self.food not in ("honey", "bread", "soup") else
                     f"Everyone came to see it, and there was {self.food} for all."),
        ]

    def fear(self):
        fear, word = self.rng.choice(FEARS)
        return [
            self.one(f"{self.name} was not afraid of anything except {fear}.", f"There was one thing {self.name} feared, and that was {fear}.",
                     f"Everyone knew that {self.name} was afraid of {fear}."),
            self.one(f"{cap(self.his)} best friend was {self.friend_called}, and one evening {self.friend_he} did not come home.",
                     f"One day {self.friend_called} called for help from far away."),
            self.one(f"{self.name} took {self.his} {self.thing} and set out.", f"{self.name} held {self.his} {self.thing} tightly and went."),
            self.one(f"{cap(self.his)} knees were shaking.", f"{cap(self.his)} heart was beating fast.", f"{cap(self.he)} wanted to turn back."),
            self.one(f'Then {self.he} remembered what {self.his} grandfather used to say: "{word}."',
                     f'"{word}," whispered {self.name}.'),
            self.one(f"Step by step {self.he} went on, and there was {self.friend}, waiting {self.rng.choice(HIDING)}.",
                     f"So {self.he} took a deep breath and walked on until {self.he} found {self.friend}."),
            self.one(f'"You came for me!" said {self.friend}.', f"{self.friend} was so glad that {self.friend_he} jumped into the air.",
                     f'"How brave you are!" cried {self.friend}.'),
            self.one(f"At home they ate warm {self.food}.", "They walked home together, hand in hand.", "They sang all the way home."),
        ]

    def share(self):
        return [
            self.one(f"{self.name} had a big basket of {self.food}.", f"{cap(self.his)} mother had given {self.him} a bowl of {self.food}."),
            self.one(f'"All for me," said {self.name}.', f"{cap(self.he)} wanted to eat everything alone."),
            self.meets(),
            self.one(f"{cap(self.friend_he)} was hungry and looked at the {self.food}.", f'"I have not eaten today," said {self.friend}.',
                     f"{self.friend} had nothing to eat and looked very thin."),
            self.one(f"{self.name} thought for a while.", f"First {self.name} turned away, but then {self.he} felt sorry."),
            self.one(f'"Sit down and eat with me," said {self.name}.', f"Then {self.name} gave {self.friend_him} half of it."),
            self.one(f"They ate and talked until it was dark.", f"Nothing had ever tasted so good."),
            self.one(f"The next day {self.friend} brought {self.him} {a(self.thing)}.",
                     f"In the winter, when {self.name} was hungry, {self.friend} knocked at the door with a pot of soup."),
        ]

    def goal(self):
        goal = self.rng.choice(GOALS)
        return [
            self.one(f"{self.name} had one great wish: to {goal}.", f"Every night {self.name} dreamed that {self.he} could {goal}."),
            self.one(f"So {self.he} packed some {self.food} and {a(self.thing)} and left.",
                     f"One morning {self.he} took {self.his} {self.thing} and set off.") ,
            self.weather(),
            self.meets(),
            self.one(f'"Where are you going?" asked {self.friend}. "I want to {goal}," said {self.name}.',
                     f'"May I come with you?" asked {self.friend}.'),
            self.one("They walked over seven hills and slept under the stars.", "They followed the river for three days.",
                     "They climbed and climbed until their feet were sore."),
            self.one(f"When they were tired, they shared the {self.food}.", f"When it rained, they hid {self.rng.choice(HIDING)}.",
                     f"At night they told each other stories about {self.rng.choice(MARVELS)}."),
            self.one("And then, one morning, the wish came true.", "And at last it happened, just as they had dreamed.",
                     f"And one evening {self.name} stood still and smiled, for there it was."),
        ]

    def help(self):
        where = self.rng.choice(HIDING)
        return [
            self.weather(),
            self.one(f"{cap(self.he)} was on {self.his} way home when {self.he} heard someone crying {where}.",
                     f"Suddenly a small voice called {where}."),
            self.one(f"It was {self.friend_called}, who had hurt {self.friend_his} foot.",
                     f"It was {self.friend_called}, who could not find the way home.",
                     f"It was {self.friend_called}, who was stuck and could not move."),
            self.one(f'"I am only {a(self.kind)}," thought {self.name}, "but I can try."', f'"Wait, I am coming!" called {self.name}.'),
            self.one(f"{cap(self.he)} used {self.his} {self.thing} and pulled with all {self.his} strength.",
                     f"{cap(self.he)} gave {self.friend_him} some {self.food} and took {self.friend_him} home."),
            self.one(f'"Thank you," said {self.friend}. "I will never forget this."', f"{self.friend} smiled for the first time that day."),
            self.one(f"Since then the two meet every Sunday and eat {self.food}.",
                     f"When {self.name} lost {self.his} {self.noun} a year later, it was {self.friend} who brought it back."),
        ]

    def quarrel(self):
        return [
            self.one(f"{cap(self.his)} best friend was {self.friend_called}.",
                     f"Every day {self.he} played with {self.friend_called}."),
            self.one(f"One day both wanted to have the {self.thing}.", f"One day they found {a(self.thing)}, and both wanted it."),
            self.one(f'"It is mine!" said {self.name}. "No, it is mine!" said {self.friend}.',
                     f"They pulled and pulled until the {self.noun} broke."),
            self.one(f"{self.friend} went home without a word.", f"{self.name} ran away and slammed the door."),
            self.one(f"The next day was long and dull.", f"But alone it was no fun at all.", f"That night {self.name} could not sleep."),
            self.one(f'In the morning {self.name} knocked at the door and said, "I am sorry."',
                     f"In the morning {self.he} baked a cake and took it to {self.friend}."),
            self.one(f'"I am sorry too," said {self.friend}.', f"{self.friend} smiled and gave {self.him} a hug."),
            self.one(f"They mended the {self.noun} together and took turns.", f"They gave the {self.noun} to a child who had none."),
        ]


PLOTS = ("lost", "marvel", "build", "fear", "share", "goal", "help", "quarrel")


def story(rng):
    teller = Teller(rng)
    plot = rng.choice(PLOTS)
    sentences = [teller.opening()] + getattr(teller, plot)() + [teller.ending(plot)]
    return " ".join(sentences)
