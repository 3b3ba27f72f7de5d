namespace LeadSens.Sandbox.Data;

/// <summary>A kind of business: how its companies are called and what they would say about themselves.</summary>
internal sealed record Industry(string Name, string[] Keywords, string[] Suffixes, string[] Products, string[] Markets, string[] Pains);

internal static class Industries
{
    public static readonly Industry[] All =
    [
        new("Software & Internet", ["software", "saas", "internet", "cloud", "it", "tech"], ["Labs", "Cloud", "Software", "Systems"],
            ["billing automation", "usage analytics", "a customer portal", "a data pipeline", "access management"],
            ["subscription businesses", "finance teams of scale-ups", "product teams"], ["slow onboarding of new customers", "reports that are copied by hand", "forecasts that arrive too late"]),
        new("Financial Services", ["financial", "finance", "banking", "bank", "insurance", "fintech"], ["Capital", "Finance", "Pay", "Ledger"],
            ["treasury dashboards", "invoice financing", "a payments gateway", "credit scoring"],
            ["mid-sized exporters", "regional banks", "accounting firms"], ["late payments", "manual reconciliation", "growing compliance work"]),
        new("Healthcare, Pharmaceuticals & Biotech", ["healthcare", "health", "pharmaceuticals", "biotech", "medical", "pharma", "hospital"], ["Health", "Care", "Medical", "Pharma"],
            ["patient scheduling", "clinical trial software", "remote monitoring", "lab automation"],
            ["private clinics", "hospital groups", "research labs"], ["missed appointments", "staff shortages", "paper records"]),
        new("Manufacturing", ["manufacturing", "industrial", "machinery", "production", "automotive"], ["Works", "Industries", "Machines", "Forge"],
            ["precision parts", "assembly cells", "predictive maintenance", "custom tooling"],
            ["automotive suppliers", "packaging lines", "aerospace workshops"], ["unplanned downtime", "scrap rates", "long changeovers"]),
        new("Retail", ["retail", "ecommerce", "commerce", "shop", "consumer", "fashion"], ["Retail", "Store", "Market", "Goods"],
            ["click and collect", "store analytics", "a loyalty programme", "private label goods"],
            ["independent shops", "regional chains", "online brands"], ["returns", "seasonal stock", "falling store traffic"]),
        new("Transportation & Storage", ["transportation", "logistics", "transport", "shipping", "storage", "freight", "supply"], ["Logistics", "Freight", "Cargo", "Lines"],
            ["route planning", "temperature-controlled storage", "customs handling", "a fleet dashboard"],
            ["food distributors", "online shops", "spare parts makers"], ["empty return trips", "driver shortages", "delays at customs"]),
        new("Education", ["education", "elearning", "training", "university", "school"], ["Learning", "Academy", "School", "Campus"],
            ["online courses", "exam proctoring", "a course planner", "skills assessments"],
            ["business schools", "training departments", "language schools"], ["low completion rates", "outdated course material", "exam fraud"]),
        new("Energy & Utilities", ["energy", "utilities", "solar", "oil", "power", "renewables"], ["Energy", "Power", "Solar", "Grid"],
            ["solar parks", "load forecasting", "charging stations", "energy audits"],
            ["municipal utilities", "property owners", "industrial sites"], ["volatile prices", "grid connection queues", "ageing meters"]),
        new("Real Estate & Construction", ["construction", "estate", "building", "property", "architecture"], ["Build", "Estates", "Property", "Homes"],
            ["modular buildings", "site planning", "facility management", "tenant portals"],
            ["housing associations", "developers", "office landlords"], ["cost overruns", "permit delays", "vacant floors"]),
        new("Media & Entertainment", ["media", "entertainment", "marketing", "advertising", "publishing", "agency"], ["Media", "Studios", "Press", "Creative"],
            ["podcast production", "audience analytics", "brand films", "a newsletter platform"],
            ["consumer brands", "publishers", "event organisers"], ["falling open rates", "rights management", "tight campaign budgets"]),
        new("Business Services", ["business", "consulting", "services", "professional", "legal", "recruiting", "staffing", "hr"], ["Partners", "Consulting", "Advisory", "Group"],
            ["interim management", "process audits", "contract review", "payroll outsourcing"],
            ["family businesses", "private equity funds", "public bodies"], ["knowledge in too few heads", "slow proposals", "unbilled hours"]),
        new("Agriculture & Mining", ["agriculture", "mining", "farming", "food"], ["Farms", "Harvest", "Agro", "Minerals"],
            ["soil sensors", "irrigation control", "grain storage", "drone surveys"],
            ["cooperatives", "wineries", "quarries"], ["water costs", "unpredictable yields", "fuel prices"]),
        new("Telecommunications", ["telecommunications", "telecom", "wireless", "network"], ["Telecom", "Networks", "Mobile", "Connect"],
            ["private 5G networks", "fibre roll-out", "call routing", "roaming contracts"],
            ["harbours", "hospitals", "call centres"], ["dropped calls", "expensive roaming", "slow line installation"]),
        new("Travel, Recreation & Leisure", ["travel", "recreation", "leisure", "hospitality", "tourism", "hotel"], ["Travel", "Hotels", "Tours", "Resorts"],
            ["group bookings", "a hotel booking engine", "guided tours", "event catering"],
            ["tour operators", "boutique hotels", "conference organisers"], ["commission fees", "no-shows", "seasonal staff"]),
        new("Government & Non-Profit", ["government", "profit", "nonprofit", "public", "charity", "ngo"], ["Foundation", "Trust", "Alliance", "Council"],
            ["donor management", "volunteer planning", "grant reporting", "open data portals"],
            ["city councils", "aid organisations", "museums"], ["reporting duties", "donor churn", "short budgets"]),
    ];

    private static readonly Industry Fallback = All[10];

    /// <summary>The kind of business that a name most likely means.</summary>
    public static Industry Of(string name)
    {
        var words = Matching.Words(name);
        return All.FirstOrDefault(industry => Matching.Equal(industry.Name, name))
            ?? All.FirstOrDefault(industry => words.Overlaps(industry.Keywords))
            ?? Fallback;
    }

    /// <summary>What a company is in, by the last part of its name.</summary>
    public static (Industry Industry, string Suffix)? BySuffix(string host) =>
        All.SelectMany(industry => industry.Suffixes.Select(suffix => (industry, suffix)))
            .Where(pair => host.EndsWith(pair.suffix, StringComparison.OrdinalIgnoreCase) && host.Length > pair.suffix.Length)
            .Select(pair => ((Industry, string)?)pair)
            .FirstOrDefault();
}
