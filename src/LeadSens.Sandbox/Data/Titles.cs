namespace LeadSens.Sandbox.Data;

internal static class Titles
{
    public static readonly string[] All =
    [
        "VP of Sales", "Head of Marketing", "Chief Technology Officer", "HR Director", "Operations Manager", "CFO", "Product Manager", "Data Engineer",
        "Customer Success Manager", "Procurement Lead", "Founder", "Managing Director", "IT Administrator", "Business Development Manager",
    ];

    /// <summary>Jobs that hardly any campaign looks for.</summary>
    public static readonly string[] Remote =
    [
        "Pastry Chef", "Primary School Teacher", "Veterinarian", "Landscape Gardener", "Dental Hygienist", "Bus Driver", "Librarian", "Paramedic",
        "Carpenter", "Flight Attendant", "Museum Curator", "Choir Conductor", "Physiotherapist", "Baker", "Electrician", "Optician", "Sous-chef", "Étudiant",
    ];

    private static readonly string[] Variants = ["{0}", "{0}", "{0}", "Senior {0}", "{0}, EMEA", "Interim {0}", "{0} (DACH)", "Deputy {0}"];

    public static string Variant(Dice dice, string title) => string.Format(null, dice.Pick(Variants, "variant"), title);
}
