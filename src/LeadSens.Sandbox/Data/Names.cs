namespace LeadSens.Sandbox.Data;

/// <summary>First and last names by style, as people write them.</summary>
internal static class Names
{
    private static readonly string[][] First =
    [
        ["James", "Olivia", "Noah", "Emma", "Liam", "Charlotte", "Ethan", "Amelia", "Lucas", "Grace", "Owen", "Hannah", "Caleb", "Zoe", "Marcus", "Nina", "D'Arcy", "Siobhán", "Kwame", "Renée"],
        ["Élodie", "François", "Chloé", "Jérôme", "Anaïs", "Benoît", "Hélène", "Loïc", "Camille", "Guillaume", "Zoé", "Rémi", "Claire", "Mathieu", "Aurélie", "Cédric", "Noémie", "Jean-Baptiste", "Maëlle", "Thibault"],
        ["Jürgen", "Anke", "Björn", "Käthe", "Stefan", "Heike", "Matthias", "Jörg", "Lena", "Sören", "Ulrike", "Günther", "Mareike", "Tobias", "Annelore", "Florian"],
        ["Íñigo", "Lucía", "Javier", "Begoña", "Andrés", "María José", "Álvaro", "Inés", "Raúl", "Nuria", "Sebastián", "Mónica", "Gonzalo", "Ángela", "Martín", "Ximena"],
        ["Niccolò", "Giulia", "Lorenzo", "Chiara", "Matteo", "Beatrice", "Davide", "Alessia", "Riccardo", "Francesca", "Simone", "Elisa", "Gianluca", "Noemi", "Edoardo", "Marta"],
        ["Åsa", "Øyvind", "Søren", "Märta", "Anders", "Ebba", "Jørgen", "Linnéa", "Göran", "Freja", "Håkan", "Sofie", "Bjørn", "Malin", "Lars", "Kirsten"],
        ["Łukasz", "Agnieszka", "Paweł", "Zofia", "Michał", "Małgorzata", "Grzegorz", "Elżbieta", "Wojciech", "Joanna", "Stanisław", "Dorota", "Rafał", "Iwona", "Bartłomiej", "Kinga"],
        ["João", "Inês", "Tomás", "Conceição", "Gonçalo", "Beatriz", "Vitória", "Thiago", "Luísa", "Caetano", "Débora", "Márcio", "Lívia", "Rogério", "Antônia", "Nuno"],
        ["Daan", "Sanne", "Joost", "Femke", "Thijs", "Anouk", "Bram", "Lotte", "Ruben", "Maaike", "Sjoerd", "Renée", "Wouter", "Fleur", "Jeroen", "Iris"],
        ["健太", "美咲", "大輔", "陽子", "拓也", "葵", "翔", "結衣"],
        ["伟", "芳", "敏", "静", "磊", "婷", "强", "雪"],
        ["민준", "서연", "지훈", "수빈", "현우", "지민", "도윤", "하은"],
        ["Aarav", "Priya", "Rohan", "Ananya", "Vikram", "Meera", "Arjun", "Kavya", "Siddharth", "Lakshmi", "Nikhil", "Divya", "Rahul", "Ishita", "Karthik", "Pooja"],
        ["Γιώργος", "Ελένη", "Νίκος", "Μαρία", "Κώστας", "Σοφία", "Δημήτρης", "Άννα"],
        ["Олександр", "Наталія", "Андрій", "Оксана", "Сергій", "Ірина", "Тарас", "Юлія"],
        ["أحمد", "فاطمة", "محمد", "ليلى", "خالد", "نور", "يوسف", "مريم"],
    ];

    private static readonly string[][] Last =
    [
        ["Walker", "Bennett", "O'Connor", "Hughes", "Parker", "Reed", "Coleman", "Brooks", "Sullivan", "Foster", "Hayes", "Morgan", "Griffin", "Fletcher", "St. John", "Okafor", "McAllister", "Chambers", "Whitfield", "Barnes"],
        ["Lefèvre", "Müller-Roche", "Garnier", "Bézard", "Dupont", "Châtelain", "Moreau", "d'Aubigné", "Rousseau", "Gauthier", "Lemaître", "Fournier", "Hébert", "Marchand", "Brûlé", "Delacroix", "Noël", "Perrin", "Cœuret", "Le Goff"],
        ["Müller", "Groß", "Schäfer", "Köhler", "Weiß", "Bäcker", "von der Heide", "Krüger", "Vogel", "Schröder", "Jäger", "Lang", "Böhm", "Richter", "Strauß", "Winkler"],
        ["Muñoz", "García", "Ibáñez", "Núñez", "Rodríguez", "Peña", "Álvarez", "Domínguez", "Ortega", "Castaño", "Vázquez", "Serrano", "Giménez", "Quiñones", "Soler", "Aguirre"],
        ["Rossi", "D'Angelo", "Bianchi", "Nicolò", "Ferrari", "De Luca", "Conti", "Esposito", "Greco", "Lombardi", "Marchetti", "Rizzo", "Galli", "Fontana", "Barbieri", "Moretti"],
        ["Lindström", "Sørensen", "Öberg", "Bergström", "Nygård", "Åkesson", "Holm", "Kjær", "Dahl", "Söderberg", "Vestergård", "Nilsson", "Hjorth", "Ekström", "Lund", "Rønne"],
        ["Wiśniewski", "Kowalczyk", "Zieliński", "Wójcik", "Kamiński", "Dąbrowska", "Szymański", "Woźniak", "Jabłoński", "Król", "Pawłowski", "Górski", "Żak", "Sikora", "Baran", "Duda"],
        ["Gonçalves", "Simões", "Araújo", "Conceição", "Magalhães", "Brandão", "Assunção", "Leitão", "Nóbrega", "Vilela", "Teixeira", "Falcão", "Sá", "Botelho", "Cunha", "Moura"],
        ["van der Berg", "de Vries", "Jansen", "Bakker", "ter Horst", "Visser", "Smit", "Mulder", "de Boer", "Bos", "Vos", "Peters", "Hendriks", "van Dijk", "Dekker", "Brouwer"],
        ["佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "山本", "中村"],
        ["王", "李", "张", "刘", "陈", "杨", "赵", "黄"],
        ["김", "이", "박", "최", "정", "강", "조", "윤"],
        ["Sharma", "Iyer", "Patel", "Reddy", "Banerjee", "Nair", "Gupta", "Menon", "Chowdhury", "Rao", "Kulkarni", "Bose", "Desai", "Pillai", "Mehta", "Joshi"],
        ["Παπαδόπουλος", "Νικολάου", "Γεωργίου", "Ιωάννου", "Δημητρίου", "Κωνσταντίνου", "Αλεξίου", "Οικονόμου"],
        ["Шевченко", "Коваленко", "Бондаренко", "Ткаченко", "Кравченко", "Олійник", "Лисенко", "Мельник"],
        ["الهاشمي", "حداد", "منصور", "خليل", "ناصر", "سليمان", "فارس", "الأمين"],
    ];

    /// <param name="number">Neighbours with different numbers get different first names: people of one company.</param>
    public static (string First, string Last) Of(Dice company, Dice person, NameStyle style, int number)
    {
        var first = First[(int)style];
        return (first[(company.Below(first.Length, "first") + number) % first.Length], person.Pick(Last[(int)style], "last"));
    }
}
