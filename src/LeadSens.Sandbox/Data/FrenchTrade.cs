namespace LeadSens.Sandbox.Data;

/// <summary>What a French company of an industry says about itself.</summary>
internal sealed record FrenchTrade(string[] Products, string[] Markets, string[] Pains)
{
    public static readonly string[] Reasons = ["tout est en place en deux semaines", "un seul prix couvre tout", "une personne répond dans l'heure", "cela fonctionne avec leurs outils"];
    public static readonly string[] Signals = ["le recrutement de deux commerciaux", "le recrutement d'un responsable des opérations", "l'ouverture d'un second site", "une levée de fonds"];
    public static readonly string[] Months = ["janvier", "février", "mars", "avril", "mai", "juin", "septembre", "octobre"];

    // In the order of Industries.All.
    private static readonly FrenchTrade[] All =
    [
        new(["facturation automatisée", "analyse d'usage", "portail client"], ["entreprises par abonnement", "directions financières"], ["mises en route trop lentes", "rapports recopiés à la main", "prévisions tardives"]),
        new(["suivi de trésorerie", "financement de factures", "passerelle de paiement"], ["exportateurs de taille moyenne", "cabinets comptables"], ["retards de paiement", "rapprochements manuels", "obligations croissantes"]),
        new(["prise de rendez-vous", "suivi à distance", "automates de laboratoire"], ["cliniques privées", "groupes hospitaliers"], ["rendez-vous manqués", "manque de personnel", "dossiers papier"]),
        new(["pièces de précision", "maintenance prédictive", "outillage sur mesure"], ["équipementiers automobiles", "ateliers aéronautiques"], ["arrêts imprévus", "taux de rebut", "changements de série trop longs"]),
        new(["retrait en magasin", "programme de fidélité", "analyse des ventes"], ["commerces indépendants", "enseignes régionales"], ["retours de marchandises", "stocks saisonniers", "baisse de fréquentation"]),
        new(["planification des tournées", "stockage sous température dirigée", "formalités de douane"], ["distributeurs alimentaires", "boutiques en ligne"], ["retours à vide", "pénurie de chauffeurs", "attentes en douane"]),
        new(["cours en ligne", "surveillance d'examens", "bilans de compétences"], ["écoles de commerce", "services de formation"], ["abandons en cours de route", "supports dépassés", "fraude aux examens"]),
        new(["parcs solaires", "prévision de charge", "bornes de recharge"], ["régies municipales", "sites industriels"], ["prix instables", "délais de raccordement", "compteurs vieillissants"]),
        new(["bâtiments modulaires", "suivi de chantier", "gestion de patrimoine"], ["bailleurs sociaux", "promoteurs"], ["dépassements de coûts", "permis tardifs", "étages vacants"]),
        new(["production de podcasts", "mesure d'audience", "films de marque"], ["marques grand public", "éditeurs"], ["taux d'ouverture en baisse", "gestion des droits", "budgets serrés"]),
        new(["management de transition", "audit de processus", "paie externalisée"], ["entreprises familiales", "organismes publics"], ["savoir détenu par trop peu de gens", "devis trop lents", "heures non facturées"]),
        new(["capteurs de sol", "pilotage de l'irrigation", "stockage de grains"], ["coopératives", "domaines viticoles"], ["coût de l'eau", "rendements imprévisibles", "prix du carburant"]),
        new(["réseaux privés", "déploiement de fibre", "routage d'appels"], ["ports", "centres d'appels"], ["appels coupés", "itinérance coûteuse", "raccordements trop lents"]),
        new(["réservations de groupe", "moteur de réservation", "visites guidées"], ["voyagistes", "hôtels indépendants"], ["commissions élevées", "clients absents", "personnel saisonnier"]),
        new(["gestion des dons", "planning des bénévoles", "portails de données"], ["collectivités", "associations d'aide"], ["comptes rendus obligatoires", "perte de donateurs", "budgets courts"]),
    ];

    public static FrenchTrade Of(Industry industry) => All[Array.IndexOf(Industries.All, industry)];
}
