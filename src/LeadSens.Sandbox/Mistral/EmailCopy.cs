namespace LeadSens.Sandbox.Mistral;

/// <summary>The sentences that drafts are made of, by step. Only the questions ask.</summary>
internal sealed record EmailCopy(
    string Greeting, string YourCompany, string Us, string NoFact, string NoRole, string Asked, string LastSubject,
    string[][] Subjects, string[][] Openings, string[][] Middles, string[][] Questions)
{
    public static readonly EmailCopy English = new(
        "Hello", "your company", "our team", "the work of your team", "yours", "You will want to know: {0}.", "A note for {company}, part ",
        [
            ["{fact} at {company}", "What {fact} costs {company}", "{company} and {fact}", "About {fact}", "A Monday number for {company}", "Forecasts at {company}"],
            ["One idea for {company}", "A list for {company}", "{fact} and the forecast", "What others did about it", "Worth a look, {company}"],
            ["Closing the file on {company}", "Shall I leave it here", "Last note for {company}", "Until another quarter, {company}"],
        ],
        [
            ["teams like the one at {company} tell us about {fact}, and it reaches everybody who has to plan.", "at {company}, {fact} is a subject that somebody has to own."],
            ["one thing that may help {company} with {fact}: write down once a week which deals went quiet.", "a short idea for {company}, with {fact} in mind: start with the deals that had no reply for nine days."],
            ["I will leave it here, so that {company} can go on with {fact}.", "this is my last note to {company} about {fact}."],
        ],
        [
            ["Every week that it stays, somebody copies numbers by hand and decisions wait for them. In a role like {role} one sees the result late, when the quarter is nearly over and little can still be changed.",
             "{sender} reads the systems that are there already and says each Monday what will close, what will slip, and why. It is connected in an afternoon and changes nothing in the data."],
            ["Customers of {sender} found most of their slipping deals that way, long before anybody called them at risk. The list takes an afternoon to set up and needs no project."],
            ["If the end of the quarter brings a surprise again, the offer of {sender} stands: twenty minutes with last quarter's own numbers, no slides."],
        ],
        [
            ["Would a look at last quarter be useful to you?", "Who puts the forecast together at {company} today?"],
            ["Shall I send you the list?", "Would an example be of use?"],
            ["Shall I close the file?", "Is there a better time to come back to it?"],
        ]);

    public static readonly EmailCopy French = new(
        "Bonjour", "votre entreprise", "notre équipe", "le travail de votre équipe", "la direction", "Vous voudrez savoir ceci : {0}.", "Un mot pour {company}, partie ",
        [
            ["{fact} chez {company}", "Ce que {fact} coûte à {company}", "{company} et {fact}", "À propos : {fact}", "Un chiffre fiable pour {company}", "Les prévisions de {company}"],
            ["Une idée pour {company}", "Une liste pour {company}", "{fact} et la prévision", "Ce que d'autres ont fait", "À regarder, {company}"],
            ["Je clos le dossier {company}", "J'en reste là", "Dernier mot pour {company}", "À un autre trimestre, {company}"],
        ],
        [
            ["des équipes comme celle de {company} nous parlent souvent de ce sujet : {fact}. Tous ceux qui doivent planifier le ressentent.", "chez {company}, quelqu'un doit porter ce sujet : {fact}."],
            ["une chose peut aider {company} sur ce point ({fact}) : noter une fois par semaine les affaires devenues silencieuses.", "une idée courte pour {company}, en pensant à ce point ({fact}) : commencer par les affaires sans réponse depuis neuf jours."],
            ["j'en reste là, pour que {company} puisse avancer sur son sujet : {fact}.", "c'est mon dernier mot à {company} sur ce sujet : {fact}."],
        ],
        [
            ["Chaque semaine qui passe, quelqu'un recopie des chiffres à la main et les décisions attendent. Dans une fonction comme la vôtre ({role}), on voit le résultat tard, quand le trimestre est presque fini.",
             "{sender} lit les outils déjà en place et dit chaque lundi ce qui sera signé, ce qui glissera, et pourquoi. Le branchement prend un après-midi et ne change rien aux données."],
            ["Les clients de {sender} ont retrouvé ainsi la plupart de leurs affaires en retard, bien avant qu'on les dise à risque. La liste se prépare en un après-midi."],
            ["Si la fin du trimestre surprend encore, l'offre de {sender} reste ouverte : vingt minutes sur vos propres chiffres, sans diapositives."],
        ],
        [
            ["Un regard sur le dernier trimestre vous serait-il utile ?", "Qui prépare la prévision chez {company} aujourd'hui ?"],
            ["Voulez-vous que je vous envoie la liste ?", "Un exemple vous serait-il utile ?"],
            ["Puis-je clore le dossier ?", "Y a-t-il un meilleur moment pour en reparler ?"],
        ]);
}
