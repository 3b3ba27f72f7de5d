using System.Text;

namespace LeadSens.Sandbox.Data;

/// <summary>What a page holds besides facts: makes it as long as pages are.</summary>
internal static class Filler
{
    private static readonly string[] English =
    [
        "We use cookies to remember your settings.", "Read the full story on our blog.", "Our offices are open from Monday to Friday.", "Sign up for the monthly newsletter.",
        "The process takes four short steps, and each has an owner.", "Ask for a demonstration with your own data.", "All prices are shown without tax.", "Our support team speaks four languages.",
        "The terms of use were last changed in spring.", "See how the first week looks for a new customer.", "Documentation is open to everybody.", "A glossary explains the words of the trade.",
        "Every delivery comes with a written report.", "The recording of the last webinar is available.", "Partners find the material they need in their portal.", "Careers, press and imprint are at the bottom of this page.",
    ];

    private static readonly string[] French =
    [
        "Nous utilisons des cookies pour mémoriser vos réglages.", "Lisez l'article complet sur notre blog.", "Nos bureaux sont ouverts du lundi au vendredi.", "Inscrivez-vous à la lettre mensuelle.",
        "La démarche compte quatre étapes, et chacune a un responsable.", "Demandez une démonstration avec vos propres données.", "Tous les prix sont hors taxes.", "Notre équipe d'assistance parle quatre langues.",
        "Les conditions d'utilisation ont été mises à jour au printemps.", "Découvrez la première semaine d'un nouveau client.", "La documentation est ouverte à tous.", "Un glossaire explique les mots du métier.",
    ];

    public static void Append(StringBuilder page, Dice dice, bool french)
    {
        var sentences = french ? French : English;
        var count = 10 + dice.Below(90, "filler");
        for (var i = 0; i < count; i++)
        {
            page.Append(sentences[(int)(dice.With(i).State % (ulong)sentences.Length)]).Append(i % 6 == 5 ? "\n\n" : " ");
        }
    }
}
