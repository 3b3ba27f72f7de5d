namespace LeadSens.Sandbox.Data;

/// <summary>What the vendor does not know about a person. At most one of the facts that scoring looks at.</summary>
internal readonly record struct Gaps(bool FirstName, bool LastName, bool Email, bool JobTitle, bool Website, bool Industry, bool CompanySize, bool Country, bool City)
{
    public bool None => !(JobTitle || Industry || CompanySize || Country);

    /// <summary>The facts that scoring looks at are all there.</summary>
    public Gaps ButNoFact() => this with { JobTitle = false, Industry = false, CompanySize = false, Country = false };

    public static Gaps Of(Dice one, bool mayLackEmail)
    {
        var fact = one.Below(100, "missing fact");
        return new Gaps(
            one.OneIn(100, "first name"),
            one.OneIn(80, "last name"),
            mayLackEmail && one.OneIn(90, "email"),
            fact < 2,
            one.OneIn(16, "website"),
            fact is 2 or 3,
            fact is 4 or 5,
            fact == 6,
            one.OneIn(12, "city"));
    }
}
